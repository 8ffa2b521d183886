-- What the case says changes, its owner and its baton do not. A waiting case takes its new place in the line and is matched afresh.
-- What the customer did wakes a parked case. `customer_key` is `-` when the case is no customer's any more, `window` when it has none.
-- args: case baton priority card data customer_key skills additional_skills due_at customer_activity window
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE CARD_TOO_LARGE UNKNOWN_SKILL TOO_MANY_CLASSES OUT_OF_SCOPE WINDOW_TAKEN NO_WINDOWS
-- events: case_updated case_resumed case_wake_pending case_returned
local CARD_BYTES = 1024 -- of text: cjson escapes otherwise than whoever wrote the first card

-- The card as it will be, and how many bytes of text are in it.
local function merged_card(c, changes)
  local card, bytes = cjson.decode(call('GET', keys.card(c.id))), 0
  for field, value in pairs(cjson.decode(changes)) do card[field] = value end
  for _, text in pairs(card) do bytes = bytes + #text end
  return cjson.encode(card), bytes
end

local function change_place(c, args)
  local priority, due_at = args.priority ~= '' and args.priority or c.priority, args.due_at ~= '' and args.due_at or c.due_at
  if priority == c.priority and due_at == c.due_at then return end
  c.priority, c.due_at = priority, due_at
  c.score = order.score(c)
end

-- `skills` and `additional_skills` replace what the case asked for; `-` asks for none.
local function change_skills(c, args)
  if args.skills ~= '' then c.required_skills = args.skills == skills.NONE and '' or args.skills end
  if args.additional_skills ~= '' then
    c.additional_skills, c.dropped_from = args.additional_skills == skills.NONE and '' or args.additional_skills, ''
  end
  plan.require(c)
end

return function(args)
  local c, refusal = guard.live_case(args.case, args.baton)
  refusal = refusal or guard.skills(args.skills, args.additional_skills)
  if refusal then return refusal end
  if args.card ~= '' then
    local card, bytes = merged_card(c, args.card)
    c.card = card
    if bytes > CARD_BYTES then
      return tx.refuse('CARD_TOO_LARGE', 'subject, customer, url and place together take more than ' .. CARD_BYTES .. ' bytes', describe.brief(c))
    end
  end
  local window = args.window == '' and c.window or args.window == '-' and '' or args.window
  local is_planned_anew = window ~= c.window
  refusal = is_planned_anew and windows.bars(c, window, describe.brief(c))
  if refusal then return refusal end
  local score, asks_anew = c.score, args.skills ~= '' or args.additional_skills ~= ''
  change_place(c, args)
  if asks_anew then
    change_skills(c, args)
    refusal = collection.full(c.queue, classes.of_work(c))
    if refusal then return refusal end
  end
  if is_planned_anew then
    for _, holder in ipairs(windows.move(c, window)) do match.free(agent.load(holder)) end
  end
  case.record('case_updated', c, tx.actor, nil, describe.view(c) .. (args.customer_activity ~= '' and ',"customer_activity":true' or ''))
  if args.customer_key ~= '' then customers.change(c, args.customer_key ~= '-' and args.customer_key or '') end
  if args.card ~= '' then call('SET', keys.card(c.id), c.card) end
  if args.data ~= '' then call('SET', keys.data(c.id), args.data) end
  if c.state == 'waiting' and (c.score ~= score or asks_anew or is_planned_anew) then
    lines.leave(c)
    match.wait(c)
  end
  if args.customer_activity ~= '' and c.state == 'parked' and c.wake_pending == '' then waking.wake(c) end
  match.settle()
  return tx.commit(describe.brief(c))
end
