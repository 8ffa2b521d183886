-- uses: keys, tx, timers, case, agent, queue, describe
-- An offer: a case reserved for one agent, or given to it outright; and who is first to get one.
local offers = {}
offers.STEP_OVER = 32 -- agents or cases passed over for a cool-down before the class is left to a drain

function offers.is_cooling(c, agent_id)
  return c.cooling > 0 and call('ZSCORE', keys.cooling(c.id), agent_id) ~= false
end

-- From here on the case is in the agent's hands, and its units are held.
local function give(kind, state, c, a, deadline_at)
  case.pass(c, state, a.id)
  c.deadline_at = deadline_at
  agent.load_with(a, c)
  case.record(kind, c, 'engine:match', a, describe.view(c))
  case.vacate(c)
  call('ZADD', keys.held(a.id), tx.now_text, c.id)
end

-- The match of the two. The agent is asked, unless channel, queue or agent says that it need not be: then it owns the case at once, and
-- its idle time and misses stay as they were, since it answered nothing.
function offers.make(c, a)
  local channel = queue.channel(c.channel)
  if channel.auto_accept or queue.load(c.queue).auto_accept or a.auto_accept == '1' then
    return give('case_assigned', 'active', c, a, '0')
  end
  give('case_offered', 'offered', c, a, timers.in_service(channel.ring_ms))
  timers.set_deadline('offer', c.id, c.baton, c.deadline_at)
end

-- Looks past at most `most` cool-downs (no more agents can be cooling than the case counts), and past whom `is_for` says it is not for.
function offers.first_ready(c, class, most, is_for)
  local cooling = 0
  local ids = call('ZRANGE', keys.ready(class), 0, math.min(c.cooling, most) + (is_for and #tx.free or 0))
  for _, id in ipairs(ids) do
    if offers.is_cooling(c, id) then
      cooling = cooling + 1
      if cooling > most then break end
    else
      local a = agent.load(id)
      if not is_for or is_for(a, c) then return a end
    end
  end
  return nil, cooling >= offers.STEP_OVER
end

return offers
