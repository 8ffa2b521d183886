-- What the case says changes, its owner and its baton do not. A waiting case takes its new place in the line and is matched afresh;
-- what the customer did wakes a parked one.
-- `customer` is a digest of the customer's key, or `-` when it has none any more.
-- args: case baton priority card data customer_activity customer
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE CARD_TOO_LARGE
-- events: case_updated case_offered case_resumed case_wake_pending case_returned
local CARD_BYTES = 1024

return function(args)
  local c, refusal = guard.live_case(args.case, args.baton)
  if refusal then return refusal end
  local card
  if args.card ~= '' then
    card = cjson.decode(call('GET', keys.card(c.id)))
    for field, value in pairs(cjson.decode(args.card)) do card[field] = value end
    c.card = cjson.encode(card)
    if #c.card > CARD_BYTES then
      return tx.refuse('CARD_TOO_LARGE', 'subject, customer and url together take more than ' .. CARD_BYTES .. ' bytes', case.brief(c))
    end
  end
  local is_waiting = c.state == 'waiting'
  local rescored = is_waiting and args.priority ~= '' and args.priority ~= c.priority
  if args.priority ~= '' and args.priority ~= c.priority then
    c.score = case.score(args.priority, case.anchor(c.priority, c.score))
    c.priority = args.priority
  end
  case.record('case_updated', c, tx.actor, nil, case.view(c) .. (args.customer_activity ~= '' and ',"customer_activity":true' or ''))
  if card then call('SET', keys.card(c.id), c.card) end
  if args.customer ~= '' then customers.change(c, args.customer ~= '-' and args.customer or '') end
  if args.data ~= '' then call('SET', keys.data(c.id), args.data) end
  if rescored then
    case.leave_line(c, c.queue)
    match.wait(c)
  end
  if args.customer_activity ~= '' and c.state == 'parked' and c.wake_pending == '' then waking.wake(c) end
  match.settle()
  return tx.commit(case.brief(c))
end
