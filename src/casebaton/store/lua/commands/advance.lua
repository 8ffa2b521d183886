-- Fires what is due, at most `limit` timers, in order of time. A rival passes `silent_ms`: it acts only if nobody has for so long.
-- args: limit silent_ms
-- events: clock_moved offer_expired offer_revoked agent_status_changed agent_presence_changed agent_updated case_cancelled case_offered
-- events: case_relaxed case_transferred alert_raised case_assigned case_returned case_closed case_resumed case_wake_pending
-- events: transfer_failed target_warned target_breached agent_reserved queue_opened queue_closed reservation_ended case_updated
-- flags: allow-oom
local GAP_MS = 2000 -- nobody ticked for longer: Redis or every node was away, and no agent shall pay for it
local HEAVY = 25 -- what a slice of bulk work counts for in the limit

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
    if firing.bulk[kind] then slices[#slices + 1] = { kind, id } else firing.single[kind](id, baton) end
    fired = fired + (firing.heavy[kind] and HEAVY or 1)
  end
  match.settle()
  for _, slice in ipairs(slices) do
    tx.cause = slice[1]
    firing.bulk[slice[1]](slice[2])
  end
  match.settle() -- whoever was kept for what the slices have given to others
  for _, c in ipairs(tx.missed) do alert.all_declined(c) end
  tx.ticked = { 'tick', call('ZCARD', keys.deadlines) > 0 and tx.now_text or '', 'lost', tx.lost }
  local answer = '{"next_ms":' .. timers.next_due() .. ',"fired":' .. fired .. '}'
  return tx.commit(answer)
end
