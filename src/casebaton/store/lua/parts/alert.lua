-- uses: keys, list, tx, agent, eligible, steering
-- Something a supervisor should see, with its cause.
local alert = {}
local LOOK_AT = 64 -- members asked one by one; in a larger queue, only as many declines as members count as "all"

function alert.raise(kind, c)
  tx.append('alert_raised', 'engine:match', 'queue:' .. c.queue .. steering.of_case(c), ',"alert":"' .. kind .. '","case":"' .. c.id
    .. '","queue":"' .. c.queue .. '"')
end

local function could_take(c, agent_id)
  local a = agent.load(agent_id)
  return a.status == 'online' and a.next_status == '' and eligible.is_reachable(a, c.channel) and not call('ZSCORE', keys.cooling(c.id), agent_id)
end

-- The case waits and every member who is there has just declined or missed it.
function alert.all_declined(c)
  if c.state ~= 'waiting' or c.cooling == 0 then return end
  local key = keys.members(c.queue)
  local members = call('ZCARD', key)
  if members > LOOK_AT and c.cooling < members then return end
  if members <= LOOK_AT then
    for _, id in ipairs(call('ZRANGE', key, 0, -1)) do
      if could_take(c, id) then return end
    end
  end
  alert.raise('all_declined', c)
end

-- Offers were missed until the agent was taken out of service; told to whoever watches one of its queues, or steers it.
function alert.not_responding(a)
  local to = 'agent:' .. a.id
  for id in list.items(agent.memberships(a)) do to = to .. ' queue:' .. id end
  tx.append('alert_raised', 'engine:timers', to .. steering.of_agent(a), ',"alert":"not_responding","agent":"' .. a.id .. '"')
end

-- Nothing has happened in an owned case for its channel's `idle_alert_ms`.
function alert.idle_case(c)
  local to = 'queue:' .. c.queue .. ' agent:' .. c.agent .. steering.of_case(c, agent.load(c.agent))
  tx.append('alert_raised', 'engine:timers', to, ',"alert":"idle_case","case":"' .. c.id .. '","queue":"' .. c.queue .. '","agent":"'
    .. c.agent .. '"')
end

return alert
