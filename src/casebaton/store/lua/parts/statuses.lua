-- uses: keys, list, config, tx, timers, agent, profile
-- Statuses: three are built in, others configured, each of one of the three kinds. Matching looks at the kind (`status`), people at the
-- name (`label`).
local statuses = {}
local BUILT_IN = {
  online = { id = 'online', kind = 'online', channels = '*' },
  busy = { id = 'busy', kind = 'busy', channels = '*' },
  offline = { id = 'offline', kind = 'offline', channels = '*' },
}
statuses.NOT_RESPONDING = { id = 'not_responding', kind = 'not_responding', channels = '*' } -- nobody chooses it

-- {id, kind, channels, teams, is_retired} or nil, whoever may choose it.
function statuses.find(id) return BUILT_IN[id] or config.status(tx.settings, id) end

local function is_for(s, a) return not s.teams or s.teams[a.team] end

-- The status that somebody chooses for the agent: {id, kind, channels}, or nil and a refusal.
function statuses.chosen(a, id)
  local s = statuses.find(id)
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

local function record(a, status_before, actor)
  agent.record('agent_status_changed', a, actor, '"agent":"' .. a.id .. '","status_before":"' .. status_before .. '",'
    .. profile.status_members(a))
end

-- One change of the agent: its event names who made it, and what a click would bring back.
function statuses.set(a, s, channels, cause, actor)
  local before = a.status
  if a.label ~= s.id then a.status_at = tx.now_text end -- other channels alone are no other status
  a.label_before, a.channels_before = a.label, a.channels
  a.status, a.label, a.channels, a.status_cause = s.kind, s.id, channels, cause
  a.next_status = ''
  if s.kind == 'online' then a.missed = 0 end
  record(a, before, actor)
  if s.kind == 'offline' and call('ZCARD', keys.held(a.id)) > 0 then timers.set('offboard', a.id, '0', tx.now) end
end

-- Why an agent will have a status that it chose for when its work is done.
function statuses.next_cause(s) return s.kind == 'offline' and 'shift_end' or 'agent' end

-- Does the agent own primary work? What only rings does not count.
function statuses.has_primary_work(a)
  local units = a.held_primary
  if units > 0 and a.offers > 0 then
    for _, c in ipairs(agent.ringing_cases(a)) do
      if c.pool == 'primary' then units = units - c.cost end
    end
  end
  return units > 0
end

-- The agent is offered nothing from now on, and has this status when its primary work is done.
function statuses.set_next(a, s, channels, cause, actor)
  a.next_status, a.next_channels, a.next_cause = s.id, channels, cause
  record(a, a.status, actor)
end

-- Has who steers decided that the agent finishes what it has, and goes?
function statuses.is_draining(a) return a.next_status == 'offline' and a.next_cause == 'supervisor' end

-- Asked of every agent whom a command has unburdened, before it is matched.
function statuses.take_next(a)
  if a.next_status == '' or a.held_primary > 0 then return end
  local s = statuses.find(a.next_status)
  statuses.set(a, s, a.next_channels, a.next_cause, 'engine:status')
end

return statuses
