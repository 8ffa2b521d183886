-- uses: list, config, tx, agent
-- Statuses: three are built in, others configured, each of one of the three kinds. Matching looks at the kind (`status`), people at the
-- name (`label`).
local statuses = {}
local BUILT_IN = {
  online = { id = 'online', kind = 'online', channels = '*' },
  busy = { id = 'busy', kind = 'busy', channels = '*' },
  offline = { id = 'offline', kind = 'offline', channels = '*' },
}
statuses.NOT_RESPONDING = { id = 'not_responding', kind = 'not_responding', channels = '*' } -- nobody chooses it

local function is_for(s, a) return not s.teams or s.teams[a.team] end

-- The status that somebody chooses for the agent: {id, kind, channels}, or nil and a refusal.
function statuses.chosen(a, id)
  local s = BUILT_IN[id] or config.status(tx.settings, id)
  if not s or s.is_retired then return nil, tx.refuse('UNKNOWN_STATUS', 'there is no status ' .. id) end
  if not is_for(s, a) then
    return nil, tx.refuse('STATUS_NOT_ALLOWED', 'status ' .. id .. ' is not for the team of ' .. a.id)
  end
  return s
end

-- The configured statuses that the agent may choose beside the built-in ones.
function statuses.open_to(a)
  local found = {}
  for _, s in ipairs(config.statuses(tx.settings)) do
    if not s.is_retired and is_for(s, a) then found[#found + 1] = s end
  end
  return found
end

-- What an agent with this status accepts of what it wishes to: both are comma lists, `*` for all.
function statuses.accepted(s, wished)
  if s.channels == '*' then return wished end
  if wished == '*' then return s.channels end
  local found = {}
  for id in list.items(wished) do
    if list.has(s.channels, id) then found[#found + 1] = id end
  end
  return table.concat(found, ',')
end

-- One change of the agent: its event names who made it, and what a click would bring back.
function statuses.set(a, s, channels, cause, actor)
  local before = a.status
  a.label_before, a.channels_before = a.label, a.channels
  a.status, a.label, a.channels, a.status_cause = s.kind, s.id, channels, cause
  if s.kind == 'online' then a.missed = 0 end
  agent.record('agent_status_changed', a, actor, '"agent":"' .. a.id .. '","status_before":"' .. before .. '",' .. agent.status_members(a))
end

return statuses
