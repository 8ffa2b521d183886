-- uses: agent, alert, case, clock, clocks, day, eligible, former, keys, match, moves, named, plan, queue, record, reserving, statuses, steps, transfers, tx, waking, firing
-- What is due for a case: what rings and is not answered, what was parked, what a plan or a clock says.
local firing_cases = {}
local IN_LINE = { waiting = true, offered = true }

-- The agent let an offer go by: to the end of the idle line, and after so many in a row it counts as not there.
local function count_miss(a, channel)
  a.missed = a.missed + 1
  day.count(a, 'missed')
  agent.restart_idle(a)
  if a.missed >= channel.miss_limit and a.status == 'online' then
    statuses.set(a, statuses.NOT_RESPONDING, a.channels, 'missed_offers', 'engine:timers')
    moves.revoke_offers(a, 'engine:timers', 'not_responding')
    alert.not_responding(a)
  end
end

function firing.single.offer(id, baton)
  local c = case.load(id)
  if not c or c.state ~= 'offered' or c.baton ~= baton then return end
  local a = agent.load(c.agent)
  if not eligible.is_reachable(a, c.channel) then return moves.revoke(c, 'engine:timers', 'agent_lost') end
  local channel = queue.channel(c.channel)
  moves.requeue('offer_expired', c, 'engine:timers')
  moves.cool(c, a, channel.cooldown_ms)
  count_miss(a, channel)
  tx.missed[#tx.missed + 1] = c
end

-- A colleague's case rang in vain: missed like any other offer.
function firing.single.transfer(id, target_baton)
  local c = case.load(id)
  if not c or c.target == '' or c.target_baton ~= target_baton then return end
  local a = agent.load(c.target)
  if not eligible.is_reachable(a, c.channel) then return transfers.fail(c, 'engine:timers', 'agent_lost') end
  transfers.fail(c, 'engine:timers', 'expired')
  count_miss(a, queue.channel(c.channel))
end

function firing.single.wrap(id, baton)
  local c = case.load(id)
  if not c or c.state ~= 'wrapping' or c.baton ~= baton then return end
  moves.complete(c, 'engine:timers', '', ',"reason":"wrap_up_over"')
end

local function parked(id, baton)
  local c = case.load(id)
  return c and c.state == 'parked' and c.baton == baton and c
end

function firing.single.wake(id, baton)
  local c = parked(id, baton)
  if c then waking.wake(c) end
end

-- There was no room in time for what had woken.
function firing.single.waking(id, baton)
  local c = parked(id, baton)
  if c then waking.give_back(c, 'wake_limit') end
end

function firing.single.idle(id, baton)
  local c = case.load(id)
  if not c or c.state ~= 'active' or c.baton ~= baton then return end
  if queue.channel(c.channel).idle_alert_ms > 0 then alert.idle_case(c) end
end

-- `id` is the case, `agent_id` stands in the baton's place: one cool-down per pair, moved when it is renewed.
function firing.single.cool(id, agent_id)
  local was_cooling = call('ZREM', keys.cooling(id), agent_id) == 1
  local a, c = agent.load(agent_id), case.load(id)
  if was_cooling then
    c.cooling = c.cooling - 1
    record.touch(c)
  end
  if not a then return former.end_cool_down(agent_id) end
  a.cooling = a.cooling - 1
  record.touch(a)
  match.free(a)
end

function firing.single.plan(id, baton)
  local c = case.load(id)
  local step = c and IN_LINE[c.state] and plan.due(c, baton)
  if not step then return end
  if plan.is_early(c, step) then clock.hold('plan', c) else steps.take(c, step) end
end

-- A case is about to miss its target, or has.
function firing.single.target(id, baton)
  local c = case.load(id)
  if not c then return end
  local is_owned = not IN_LINE[c.state] and c.agent ~= ''
  clocks.fire(c, baton, is_owned and agent.load(c.agent) or nil)
end

-- A preferred agent has been waited for long enough.
function firing.single.prefer(id, baton)
  local c = case.load(id)
  if not c or not IN_LINE[c.state] or c.preferred_agent == '' or c.preferred_until ~= baton then return end
  if named.is_early(c) then return clock.hold('prefer', c) end
  named.release(c, 'preferred_over')
  if c.state == 'waiting' then match.wait(c) end
end

-- The case has been too heavy for everybody for long enough, or its agent has been kept for it for another while.
function firing.single.reserve(id, baton)
  local c = case.load(id)
  if c and c.state == 'waiting' and c.baton == baton then reserving.look(c) end
end

return firing_cases
