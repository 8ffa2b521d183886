-- uses: keys, config, tx
-- The time for which a case is planned, `from-until` or '' for none. Where its channel has `windows`, an agent gets no case whose window
-- overlaps that of another one in its hands. `windows:<agent>` has those by their beginning, as `until:case`.
local windows = {}
local LOOK_AT = 500 -- of one agent, as many as cases in its hands are looked at

local function instants(window) return string.match(window, '^(%d+)-(%d+)$') end

-- Do the windows of the channel's cases count?
function windows.count(channel) return config.channel(tx.settings, channel).windows end

-- Has the case a window that counts?
function windows.is_set(c) return c.window ~= '' and windows.count(c.channel) end

-- The case in the agent's hands that overlaps this one, were its window `window`; or nil.
function windows.in_the_way(c, agent_id, window)
  if window == '' or not windows.count(c.channel) then return nil end
  local from, till = instants(window)
  local earlier = call('ZRANGE', keys.windows(agent_id), '(' .. till, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, LOOK_AT)
  for _, member in ipairs(earlier) do
    local ends, other = string.match(member, '^(%d+):(.+)$')
    if tonumber(ends) > tonumber(from) and other ~= c.id then return other end
  end
end

-- A refusal when the agent has no time for the case, else nil. `current` is the case, as JSON.
function windows.taken(c, agent_id, window, current)
  local other = windows.in_the_way(c, agent_id, window)
  if other then return tx.refuse('WINDOW_TAKEN', agent_id .. ' has case ' .. other .. ' at that time', current) end
end

-- A refusal when cases of the channel have no windows, else nil.
function windows.unknown(channel, current)
  if not windows.count(channel) then return tx.refuse('NO_WINDOWS', 'cases of channel ' .. channel .. ' have no windows', current) end
end

-- The case comes into the agent's hands (`sign` 1) or leaves them (-1).
function windows.hold(c, agent_id, sign)
  if c.window == '' then return end
  local from, till = instants(c.window)
  if sign == 1 then
    call('ZADD', keys.windows(agent_id), from, till .. ':' .. c.id)
  else
    call('ZREM', keys.windows(agent_id), till .. ':' .. c.id)
  end
end

local function holders(c)
  local found = {}
  if c.agent ~= '' then found[1] = c.agent end
  if c.target ~= '' then found[#found + 1] = c.target end
  return found
end

-- Why the case cannot have this window instead, or nil: whoever has it in hand must have the time.
function windows.bars(c, window, current)
  if window == '' then return nil end
  local refusal = windows.unknown(c.channel, current)
  for _, agent_id in ipairs(holders(c)) do refusal = refusal or windows.taken(c, agent_id, window, current) end
  return refusal
end

-- The case has another window; returns in whose hands it is.
function windows.move(c, window)
  local found = holders(c)
  for _, agent_id in ipairs(found) do windows.hold(c, agent_id, -1) end
  c.window = window
  for _, agent_id in ipairs(found) do windows.hold(c, agent_id, 1) end
  return found
end

-- Does the agent's set say what the case does? For the audit.
function windows.is_held(c, agent_id)
  if c.window == '' or agent_id == '' then return false end
  local from, till = instants(c.window)
  return tonumber(call('ZSCORE', keys.windows(agent_id), till .. ':' .. c.id) or nil) == tonumber(from)
end

-- A JSON member.
function windows.member(c)
  if c.window == '' then return '' end
  local from, till = instants(c.window)
  return ',"window":{"from_ms":' .. from .. ',"until_ms":' .. till .. '}'
end

return windows
