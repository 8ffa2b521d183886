-- Fires what is due, at most `limit` timers, in order of time. A rival passes `silent_ms`: it acts only if nobody has for so long.
-- args: limit silent_ms
-- events: clock_moved offer_expired offer_revoked agent_status_changed agent_presence_changed agent_updated case_cancelled case_offered
-- events: case_relaxed case_transferred alert_raised case_assigned case_returned case_closed case_resumed case_wake_pending transfer_failed
-- events: target_warned target_breached
-- events: agent_reserved
-- events: note_added automation_triggered owner_notified effect_failed
-- events: queue_empty queue_opened queue_closed
-- events: reservation_ended
-- events: case_updated
-- flags: allow-oom
local GAP_MS = 2000 -- nobody ticked for longer: Redis or every node was away, and no agent shall pay for it
local HEAVY = 25 -- what a slice of bulk work counts for in the limit

local fire = {}

-- The agent let an offer go by: to the end of the idle line, and after so many in a row it counts as not there.
local function count_miss(a, channel)
  a.missed = a.missed + 1
  agent.restart_idle(a)
  if a.missed >= channel.miss_limit and a.status == 'online' then
    statuses.set(a, statuses.NOT_RESPONDING, a.channels, 'missed_offers', 'engine:timers')
    moves.revoke_offers(a, 'engine:timers', 'not_responding')
    alert.not_responding(a)
  end
end

function fire.offer(id, baton)
  local c = case.load(id)
  if not c or c.state ~= 'offered' or c.baton ~= baton then return end
  local a = agent.load(c.agent)
  if a.presence ~= 'connected' then return moves.revoke(c, 'engine:timers', 'agent_lost') end
  local channel = queue.channel(c.channel)
  moves.requeue('offer_expired', c, 'engine:timers')
  moves.cool(c, a, channel.cooldown_ms)
  count_miss(a, channel)
  tx.missed[#tx.missed + 1] = c
end

-- A colleague's case rang in vain: missed like any other offer.
function fire.transfer(id, target_baton)
  local c = case.load(id)
  if not c or c.target == '' or c.target_baton ~= target_baton then return end
  local a = agent.load(c.target)
  if a.presence ~= 'connected' then return transfers.fail(c, 'engine:timers', 'agent_lost') end
  transfers.fail(c, 'engine:timers', 'expired')
  count_miss(a, queue.channel(c.channel))
end

function fire.wrap(id, baton)
  local c = case.load(id)
  if not c or c.state ~= 'wrapping' or c.baton ~= baton then return end
  moves.complete(c, 'engine:timers', '', ',"reason":"wrap_up_over"')
end

local function parked(id, baton)
  local c = case.load(id)
  return c and c.state == 'parked' and c.baton == baton and c
end

function fire.wake(id, baton)
  local c = parked(id, baton)
  if c then waking.wake(c) end
end

-- There was no room in time for what had woken.
function fire.waking(id, baton)
  local c = parked(id, baton)
  if c then waking.give_back(c, 'wake_limit') end
end

local function away_since(id, baton)
  local a = agent.load(id)
  return a and a.presence == 'grace' and a.presence_at == baton and a
end

function fire.grace(id, baton)
  local a = away_since(id, baton)
  if a then presence.end_grace(a) end
end

function fire.gone(id, baton)
  local a = away_since(id, baton)
  if not a then return end
  agent.set_presence(a, 'gone', 'engine:timers')
  match.free(a)
  leaving.lose(a, 0, '')
end

-- Since when the agent is gone, for how long when this is due, and where to go on, stand in the baton's place.
function fire.lost(id, baton)
  local since, gone_ms, after = string.match(baton, '^(%d+)/(%d+)/?(.*)$')
  local a = agent.load(id)
  if a and a.presence == 'gone' and a.presence_at == since then leaving.lose(a, tonumber(gone_ms), after) end
end

function fire.idle(id, baton)
  local c = case.load(id)
  if not c or c.state ~= 'active' or c.baton ~= baton then return end
  if queue.channel(c.channel).idle_alert_ms > 0 then alert.idle_case(c) end
end

-- Where to go on stands in the baton's place.
function fire.offboard(id, after)
  local a = agent.load(id)
  if a and a.status == 'offline' then leaving.offboard(a, after) end
end

-- When, by whom and why everything was taken from the agent stands in the baton's place.
function fire.requeue(id, baton)
  local before, role, subject, reason = string.match(baton, '^(%d+)/([^/]+)/([^/]+)/(.+)$')
  local a = agent.load(id)
  if a then leaving.empty_hands(a, role .. ':' .. subject, reason, before) end
end

function fire.reap(node)
  if presence.reap(node) then timers.set('reap', node, '0', tx.now) end
end

fire.lease = fire.reap

-- `id` is the case, `agent_id` stands in the baton's place: one cool-down per pair, moved when it is renewed.
function fire.cool(id, agent_id)
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

local IN_LINE = { waiting = true, offered = true }

function fire.plan(id, baton)
  local c = case.load(id)
  local step = c and IN_LINE[c.state] and plan.due(c, baton)
  if not step then return end
  if plan.is_early(c, step) then clock.hold('plan', c) else steps.take(c, step) end
end

-- A case is about to miss its target, or has.
function fire.target(id, baton)
  local c = case.load(id)
  if c then clocks.fire(c, baton) end
end

-- A preferred agent has been waited for long enough.
function fire.prefer(id, baton)
  local c = case.load(id)
  if not c or not IN_LINE[c.state] or c.preferred_agent == '' or c.preferred_until ~= baton then return end
  if named.is_early(c) then return clock.hold('prefer', c) end
  named.release(c, 'preferred_over')
  if c.state == 'waiting' then match.wait(c) end
end

-- Its agent went away: cases that only preferred it are for everybody. `id` is queue/agent.
function fire.release(id, from)
  local queue_id, agent_id = string.match(id, '^([^/]+)/(.+)$')
  local a = agent.load(agent_id)
  local next_from = a and named.release_slice(queue_id, a, tonumber(from), match.wait)
  if next_from then timers.set('release', id, next_from, tx.now) end
end

-- A queue changed its mode: who has cases waiting there for itself alone is asked afresh.
function fire.attend(queue_id, after)
  local ids, next_after = named.slice(queue_id, after)
  for _, id in ipairs(ids) do match.free(agent.load(id)) end
  if next_after then timers.set('attend', queue_id, next_after, tx.now) end
end

-- More was waiting for the agent than one script matches.
function fire.serve(id)
  local a = agent.load(id)
  if a then match.free(a) end
end

-- The case has been too heavy for everybody for long enough, or its agent has been kept for it for another while.
function fire.reserve(id, baton)
  local c = case.load(id)
  if c and c.state == 'waiting' and c.baton == baton then reserving.look(c) end
end

-- A queue has stopped, or was configured otherwise: is anybody still to be kept for its cases?
function fire.review(queue_id, after)
  local next_after = reserving.review(queue_id, after)
  if next_after then timers.set('review', queue_id, next_after, tx.now) end
end

function fire.hours(queue_id) hours.sync(queue_id) end

-- A queue has opened: what was due meanwhile.
function fire.clock(queue_id)
  if clock.release(queue_id) then timers.set('clock', queue_id, '0', tx.now) end
end

-- A skill begins or ends today.
function fire.skill(id)
  local a = agent.load(id)
  if not a then return end
  local classes_before = a.classes
  membership.renew(a, agent.memberships(a))
  agent.record('agent_updated', a, 'engine:timers', profile.members(a))
  if a.classes ~= classes_before or a.reserved_case ~= '' then match.free(a) end
end

-- A version of the configuration was replaced.
function fire.sweep()
  if versions.sweep(tx.settings.version) then timers.set('sweep', 'config', '0', tx.now) end
end

-- Its line gets another order.
function fire.sort(queue_id) sorting.go_on(queue_id) end

-- Has a queue classes that nobody needs any more?
function fire.collect(queue_id) collection.look(queue_id) end

-- Other skills make members: all agents are looked at, slice by slice.
function fire.regroup(_, after)
  local changed, next_after = membership.regroup(after)
  for _, a in ipairs(changed) do
    agent.record('agent_updated', a, 'engine:timers', profile.members(a))
    match.free(a)
  end
  if next_after then timers.set('regroup', 'agents', next_after, tx.now) end
end

-- Bulk work comes after what single timers set free has been matched: it must not overtake that.
local bulk = {}

function bulk.build(class) birth.build(string.match(class, '^[^/]+'), class) end

function bulk.retire(class) collection.retire(string.match(class, '^[^/]+'), class) end

function bulk.drain(class) backlog.drain(string.match(class, '^[^/]+'), class) end

local heavy = { lease = true, reap = true, release = true, attend = true, build = true, drain = true, sweep = true, lost = true,
  offboard = true, hours = true, clock = true, regroup = true, requeue = true,
  collect = true, retire = true,
  sort = true,
  review = true }

local function make_up_for_outage(tick)
  local gap = tick ~= '' and tx.now - tonumber(tick) or 0
  if gap <= GAP_MS or call('ZCARD', keys.deadlines) == 0 then return end
  tx.append('clock_moved', 'engine:timers', 'all', ',"by_ms":' .. gap)
  tx.lost = tx.lost + gap
end

return function(args)
  local tick = call('HGET', keys.meta, 'tick')
  if args.silent_ms ~= '' and tick ~= '' and tx.now - tonumber(tick) < tonumber(args.silent_ms) then
    return { '', '{"next_ms":' .. timers.next_due() .. ',"fired":0}' }
  end
  make_up_for_outage(tick)
  tx.missed = {}
  local limit, fired, slices = tonumber(args.limit), 0, {}
  for _, due in ipairs(timers.due(limit)) do
    if fired >= limit then break end
    local kind, id, baton = string.match(due.member, '^(%a+):(.*):([^:]*)$')
    call('ZREM', due.key, due.member)
    tx.cause = kind == 'offer' and 'deadline' or kind
    if bulk[kind] then slices[#slices + 1] = { kind, id } else fire[kind](id, baton) end
    fired = fired + (heavy[kind] and HEAVY or 1)
  end
  match.settle()
  for _, slice in ipairs(slices) do
    tx.cause = slice[1]
    bulk[slice[1]](slice[2])
  end
  match.settle() -- whoever was kept for what the slices have given to others
  for _, c in ipairs(tx.missed) do alert.all_declined(c) end
  call('HSET', keys.meta, 'tick', call('ZCARD', keys.deadlines) > 0 and tx.now_text or '', 'lost', tx.lost)
  local answer = '{"next_ms":' .. timers.next_due() .. ',"fired":' .. fired .. '}'
  return tx.commit(answer)
end
