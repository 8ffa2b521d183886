-- uses: keys, tx, timers, case, agent, queue
-- An offer: a case reserved for one agent; and who is first to get one.
local offers = {}
offers.STEP_OVER = 32 -- agents or cases passed over for a cool-down before the class is left to a drain

function offers.is_cooling(c, agent_id)
  return c.cooling > 0 and call('ZSCORE', keys.cooling(c.id), agent_id) ~= false
end

-- Reserves the case for the agent. The queue still owns it; the agent's units are held from here on.
function offers.make(c, a)
  local channel = queue.channel(c.channel)
  case.pass(c, 'offered', a.id)
  c.deadline_at = timers.in_service(channel.ring_ms)
  agent.load_with(a, c)
  case.record('case_offered', c, 'engine:match', a, case.view(c))
  case.vacate(c)
  call('ZADD', keys.held(a.id), tx.now_text, c.id)
  timers.set_deadline('offer', c.id, c.baton, c.deadline_at)
end

-- Looks past at most `most` agents: no more can be cooling than the case counts.
function offers.first_ready(c, class, most)
  local ids = call('ZRANGE', keys.ready(class), 0, math.min(c.cooling, most))
  for _, id in ipairs(ids) do
    if not offers.is_cooling(c, id) then return agent.load(id) end
  end
  return nil, #ids == offers.STEP_OVER
end

return offers
