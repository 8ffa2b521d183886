-- uses: keys, tx, timers, case, agent, queue, describe, waits, windows, day
-- An offer: a case reserved for one agent, or given to it outright; and who is first to get one.
local offers = {}
local NAMED = 5 -- agents whom a decision names
offers.STEP_OVER = 32 -- agents or cases passed over for a cool-down or a window before the class is left to a drain

function offers.is_cooling(c, agent_id)
  return c.cooling > 0 and call('ZSCORE', keys.cooling(c.id), agent_id) ~= false
end

-- From here on the case is in the agent's hands, and its units are held.
local function give(kind, state, c, a, deadline_at, decision)
  case.pass(c, state, a.id)
  c.deadline_at = deadline_at
  agent.load_with(a, c)
  case.record(kind, c, 'engine:match', a, describe.view(c) .. decision)
  case.vacate(c)
  call('ZADD', keys.held(a.id), tx.now_text, c.id)
end

-- How a match came about, as a JSON member: the rule by which, the agent and whose turn was next, and whose turn was sooner but who were
-- kept from the case (a few of each).
function offers.decision(rule, considered, passed)
  return ',"decision":{"rule":"' .. rule .. '","considered":["' .. considered .. '"]'
    .. (passed and ',"passed":["' .. passed .. '"]' or '') .. '}'
end

-- The match of the two, and how it came about. The agent is asked, unless channel, queue or agent says that it need not be: then it owns the case at once, and
-- its idle time and misses stay as they were, since it answered nothing.
function offers.make(c, a, decision)
  local channel = queue.channel(c.channel)
  if channel.auto_accept or queue.load(c.queue).auto_accept or a.auto_accept == '1' then
    return give('case_assigned', 'active', c, a, '0', decision)
  end
  give('case_offered', 'offered', c, a, timers.in_service(agent.ring_ms(a, channel)), decision)
  waits.ring(c)
  day.count(a, 'offered')
  timers.set_deadline('offer', c.id, c.baton, c.deadline_at)
end

local function first_of(ids, from, to) return table.concat(ids, '","', from, math.min(to, from + NAMED - 1)) end

local function chosen(c, ids, i)
  return offers.decision(queue.load(c.queue).choice, first_of(ids, i, #ids), i > 1 and first_of(ids, 1, i - 1))
end

-- Is the case not for this agent now, whatever its class says: it cools down for it, or the agent has something else at that time?
function offers.is_barred(c, agent_id)
  return offers.is_cooling(c, agent_id) or windows.in_the_way(c, agent_id, c.window) ~= nil
end

-- The first agent who may have the case, and the decision. Looks past at most `most` whom it is barred from (no more agents can be cooling
-- than the case counts; anybody may have something else in its window), and past whom `is_for` says it is not for. `skip` are the ready
-- agents who have been asked already. Else nil, whether so many were barred that others are left to a drain, and the last one asked if
-- more may follow.
function offers.first_ready(c, class, most, is_for, skip)
  local barred, first = 0, skip or 0
  local last = (windows.is_set(c) and most or math.min(c.cooling, most)) + (is_for and #tx.free or 0)
  local ids = call('ZRANGE', keys.ready(class), first, first + last + NAMED - 1)
  for i = 1, math.min(#ids, last + 1) do
    local id = ids[i]
    if offers.is_barred(c, id) then
      barred = barred + 1
      if barred > most then break end
    else
      local a = agent.load(id)
      if not is_for or is_for(a, c) then return a, chosen(c, ids, i) end
    end
  end
  return nil, barred >= offers.STEP_OVER, ids[last + 1]
end

return offers
