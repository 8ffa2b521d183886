-- uses: keys, digits, record, tx, timers, case, agent, queue, match, plan, order, transfers, targets, clocks, describe, stages, gate, named, absence, day
-- How a case changes hands. Each verb is one transition: it thinks in memory, appends its one event, then moves the keys,
-- and tells `match` whom to look at.
local moves = {}

local IN_LINE = { waiting = true, offered = true }

local function holder(c) return c.agent ~= '' and agent.load(c.agent) or nil end

-- For a while the case is not offered to the agent. The timer that ends it is the only thing that ends it.
function moves.cool(c, a, for_ms)
  if for_ms <= 0 then return end
  local until_at = tx.now + for_ms
  local already = c.cooling > 0 and call('ZSCORE', keys.cooling(c.id), a.id)
  if already and tonumber(already) >= until_at then return end
  if call('ZADD', keys.cooling(c.id), until_at, a.id) == 1 then c.cooling = c.cooling + 1 end
  if timers.set('cool', c.id, a.id, until_at) == 1 then a.cooling = a.cooling + 1 end
  record.touch(c)
  record.touch(a)
end

-- Back to waiting, in its present queue or in `to_queue`.
function moves.requeue(kind, c, actor, extra, to_queue)
  transfers.withdraw(c, actor)
  local a = holder(c)
  if a then agent.release(a, c, 'handed_on') end
  local begins_stay = to_queue or not IN_LINE[c.state]
  -- A preference lasts until its agent, or anybody, has had the case.
  if not IN_LINE[c.state] or c.preferred_agent == c.agent then c.preferred_agent = '' end
  if to_queue then
    c.queue, c.preferred_agent, c.required_agent = to_queue, '', ''
    plan.begin(c)
    c.score = order.score(c)
  else
    plan.resume(c, kind)
    order.renew(c)
  end
  case.pass(c, 'waiting', '')
  if begins_stay then c.queued_at = tx.now_text end
  case.record(kind, c, actor, a, (extra or '') .. describe.view(c))
  case.vacate(c)
  plan.arm(c)
  match.wait(c)
  if a then match.free(a) end
end

-- The owner's case goes back to its queue, and for a while not to the same agent.
function moves.hand_back(c, actor, reason, place)
  local a = holder(c)
  agent.restart_idle(a)
  moves.requeue('case_returned', c, actor, ',"reason":"' .. reason .. '","place":"' .. place .. '"')
  moves.cool(c, a, queue.load(c.queue).exclusion_ms)
end

-- An offer ends without counting against its agent: idle time and misses stay as they were.
function moves.revoke(c, actor, reason)
  moves.requeue('offer_revoked', c, actor, ',"reason":"' .. reason .. '"')
end

-- Open offers of the agent come back, also those of colleagues: all, or those that `unwanted(case)` names.
function moves.revoke_offers(a, actor, reason, unwanted)
  if a.offers == 0 then return end
  for _, c in ipairs(agent.ringing_cases(a)) do
    if c.target == a.id and (not unwanted or unwanted(c)) then transfers.fail(c, actor, reason) end
    if c.state == 'offered' and (not unwanted or unwanted(c)) then moves.revoke(c, actor, reason) end
  end
end

-- The agent owns the case from now on, out of its offer or out of the line.
function moves.own(kind, c, a, actor)
  local enters_view = c.state == 'waiting'
  if not enters_view then
    agent.unload(a, c)
    day.count(a, 'accepted')
  end
  case.pass(c, 'active', a.id)
  agent.load_with(a, c)
  a.missed = 0
  case.record(kind, c, actor, a, enters_view and describe.view(c) or '')
  case.vacate(c)
  plan.disarm(c)
  if enters_view then call('ZADD', keys.held(a.id), tx.now_text, c.id) end
  match.free(a)
end

-- Somebody else decides that the agent owns the case from now on, whoever had it before.
function moves.assign(c, a, actor, extra)
  transfers.withdraw(c, actor)
  local before, enters_hands, was_in_line = holder(c), c.agent ~= a.id, IN_LINE[c.state]
  if before then
    agent.release(before, c, 'handed_on')
    if c.state ~= 'offered' then agent.restart_idle(before) end
  end
  case.pass(c, 'active', a.id)
  agent.load_with(a, c)
  case.record('case_assigned', c, actor, a, extra .. describe.view(c), enters_hands and before or nil)
  case.vacate(c)
  absence.receive(a, c)
  if was_in_line then plan.disarm(c) end
  if enters_hands then
    call('ZADD', keys.held(a.id), tx.now_text, c.id)
    if before then match.free(before) end
  end
  match.free(a)
end

-- The owner's work is over but for what there is to write down; the case ends as `ends_as`, by itself if need be.
function moves.wrap(c, actor, ends_as, disposition, extra)
  transfers.withdraw(c, actor)
  case.pass(c, 'wrapping', c.agent)
  c.ends_as, c.disposition, c.extensions = ends_as, disposition, '0'
  if ends_as == 'cancelled' then stages.cancel(c) end
  c.deadline_at = timers.in_service(queue.channel(c.channel).wrap_up_ms)
  case.record('case_wrapping', c, actor, nil, extra)
  case.vacate(c)
  timers.set_deadline('wrap', c.id, c.baton, c.deadline_at)
end

-- The wrap-up's whole length again, from now.
function moves.extend_wrap_up(c, actor)
  c.extensions = digits.of(c.extensions + 1)
  c.deadline_at = timers.in_service(queue.channel(c.channel).wrap_up_ms)
  case.record('wrap_up_extended', c, actor, nil, '')
  timers.set_deadline('wrap', c.id, c.baton, c.deadline_at)
end

-- The case is over, whoever had it.
function moves.finish(kind, c, state, actor, extra)
  transfers.withdraw(c, actor)
  local a = holder(c)
  if a then
    agent.release(a, c, 'handled')
    if c.state ~= 'offered' then agent.restart_idle(a) end
    match.free(a)
  end
  local last_agent, was_in_line = c.agent, IN_LINE[c.state]
  case.pass(c, state, '')
  case.record(kind, c, actor, a, extra)
  case.vacate(c)
  if was_in_line then plan.disarm(c) end
  c.agent = last_agent -- whom a closed case was with; nobody owns it
  case.bury(c)
end

-- A closed case begins a new visit in a queue: its age in the line and its plan count from now, nobody is kept from it. `preferred_ms`: how long its
-- last owner is preferred, if at all.
function moves.reopen(c, to_queue, actor, preferred_ms)
  c.queue = to_queue
  c.was_agent, c.cooling, c.preferred_agent, c.preferred_until, c.worked = '', 0, '', '', ''
  if preferred_ms then c.preferred_agent, c.preferred_until = c.agent, string.format('%d', tx.now - gate.lag(c.queue) + preferred_ms) end
  case.pass(c, 'waiting', '')
  c.queued_at, c.age_at = tx.now_text, tx.now_text
  plan.begin(c)
  targets.begin(c)
  c.score = order.score(c)
  case.record('case_reopened', c, actor, nil, describe.view(c))
  case.revive(c)
  case.vacate(c)
  plan.arm(c)
  clocks.arm(c)
  named.arm(c)
  match.wait(c)
end

-- Who served a customer last may be preferred for the next case.
local function remember_agent(c)
  local q = queue.load(c.queue)
  if q.affinity_ms == 0 or c.customer_key == '' then return end
  call('SET', keys.affinity(c.queue, c.customer_key), c.agent, 'PX', q.affinity_ms)
end

-- The work is done. A case that was withdrawn under its owner's hands ends as cancelled, any other as closed.
function moves.complete(c, actor, disposition, extra)
  local is_wrapping = c.state == 'wrapping'
  if is_wrapping and disposition == '' then disposition = c.disposition end
  c.disposition = disposition
  extra = (disposition ~= '' and ',"disposition":"' .. disposition .. '"' or '') .. extra
  if is_wrapping and c.ends_as == 'cancelled' then
    moves.finish('case_cancelled', c, 'cancelled', actor, extra)
  else
    moves.finish('case_closed', c, 'closed', actor, extra)
    remember_agent(c)
  end
end

return moves
