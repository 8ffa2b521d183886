-- uses: keys, limits, record, tx, timers, case, agent, eligible, absence
-- A parked case: its owner keeps it and has most of its units free, until it wakes.
local parking = {}

function parking.park(c, a, actor, wake_at)
  agent.unload(a, c)
  case.pass(c, 'parked', a.id)
  c.wake_at, c.wake_pending = wake_at ~= '' and wake_at or '0', ''
  agent.load_with(a, c)
  agent.restart_idle(a) -- whoever parks what it works on has not been idle meanwhile
  case.record('case_parked', c, actor, a, '')
  case.vacate(c)
  if c.wake_at ~= '0' then timers.set('wake', c.id, c.baton, c.wake_at) end
end

function parking.resume(c, a, actor)
  agent.unload(a, c)
  case.pass(c, 'active', a.id)
  agent.load_with(a, c)
  case.record('case_resumed', c, actor, a, '')
  case.vacate(c)
  absence.receive(a, c)
end

-- It has woken and its owner has no room: it stays parked, first in line for the owner's next room, for a limited time.
function parking.wait_for_room(c, a, actor, limit_ms)
  c.wake_at, c.wake_pending = '0', '1'
  a.waking = a.waking + 1
  record.touch(a)
  case.record('case_wake_pending', c, actor, a, '')
  timers.drop('wake', c.id, c.baton)
  timers.set('waking', c.id, c.baton, tx.now + limit_ms)
  call('ZADD', keys.waking(a.id), tx.now_text, c.id)
end

-- The first case that has woken and waits for the agent's room: its id, or nil.
function parking.first_waking(a)
  if a.waking > 0 then return call('ZRANGE', keys.waking(a.id), 0, 0)[1] end
end

-- Do the rest of its units and one more of its channel fit? What holds units while it is parked counts there already.
function parking.has_room(a, c)
  local more = c.cost - c.parked_cost
  return (more <= 0 or eligible.has_room(a, c.pool, more)) and (limits.counts(c) or limits.allow(a, c.channel))
end

-- Nobody is there to whom the case could wake.
function parking.is_away(a, c) return a.status == 'offline' or eligible.is_lost(a, c.channel) end

-- Resumes what has woken, in its order, as far as there is room.
function parking.serve(a)
  while a.waking > 0 do
    local c = case.load(parking.first_waking(a))
    if parking.is_away(a, c) or not parking.has_room(a, c) then return end
    parking.resume(c, a, 'engine:match')
  end
end

return parking
