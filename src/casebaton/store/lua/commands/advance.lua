-- Fires what is due, at most `limit` timers, in order of time. A rival passes `silent_ms`: it acts only if nobody has for so long.
-- args: limit silent_ms
-- events: clock_moved offer_expired offer_revoked agent_status_changed agent_presence_changed case_cancelled case_offered alert_raised case_closed case_resumed case_wake_pending case_returned transfer_failed
-- flags: allow-oom
local GAP_MS = 2000 -- nobody ticked for longer: Redis or every node was away, and no agent shall pay for it
local HEAVY = 25 -- what a slice of bulk work counts for in the limit

local fire = {}

-- The agent let an offer go by: to the end of the idle line, and after so many in a row it counts as not there.
local function count_miss(a, channel)
  a.missed = a.missed + 1
  agent.restart_idle(a)
  if a.missed >= channel.miss_limit and a.status == 'online' then
    agent.set_status(a, 'not_responding', 'missed_offers', 'engine:timers')
    moves.revoke_offers(a, 'engine:timers', 'not_responding')
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
  if a then agent.set_presence(a, 'gone', 'engine:timers') end
end

function fire.reap(node)
  if presence.reap(node) then timers.set('reap', node, '0', tx.now) end
end

fire.lease = fire.reap

-- `id` is the case, `agent_id` stands in the baton's place: one cool-down per pair, moved when it is renewed.
function fire.cool(id, agent_id)
  local was_cooling = call('ZREM', keys.cooling(id), agent_id) == 1
  local a, c = agent.load(agent_id), case.load(id)
  a.cooling = a.cooling - 1
  record.touch(a)
  if was_cooling then
    c.cooling = c.cooling - 1
    record.touch(c)
  end
  match.free(a)
end

-- Bulk work comes after what single timers set free has been matched: it must not overtake that.
local bulk = {}

function bulk.build(class, after) backlog.build(string.match(class, '^[^/]+'), class, after) end

function bulk.drain(class, passed) backlog.drain(string.match(class, '^[^/]+'), class, passed) end

local heavy = { lease = true, reap = true, build = true, drain = true }

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
    if bulk[kind] then slices[#slices + 1] = { kind, id, baton } else fire[kind](id, baton) end
    fired = fired + (heavy[kind] and HEAVY or 1)
  end
  match.settle()
  for _, slice in ipairs(slices) do
    tx.cause = slice[1]
    bulk[slice[1]](slice[2], slice[3])
  end
  for _, c in ipairs(tx.missed) do alert.all_declined(c) end
  call('HSET', keys.meta, 'tick', call('ZCARD', keys.deadlines) > 0 and tx.now_text or '', 'lost', tx.lost)
  local answer = '{"next_ms":' .. timers.next_due() .. ',"fired":' .. fired .. '}'
  return tx.commit(answer)
end
