-- Takes a producer's case in. The same id with the same body answers the case as it is now, whatever became of it.
-- args: case queue channel priority created_at digest card data linked_case customer
-- errors: UNKNOWN_QUEUE UNKNOWN_CHANNEL CASE_EXISTS TOO_MANY_CLASSES
-- events: case_queued case_offered
return function(args)
  local digest = call('HGET', keys.case(args.case), 'digest')
  if digest then
    local brief = case.brief(case.load(args.case))
    if digest == args.digest then return tx.unchanged(brief) end
    return tx.refuse('CASE_EXISTS', 'case ' .. args.case .. ' exists with another body', brief)
  end
  if not queue.open(args.queue) then return queue.unknown(args.queue) end
  local channel = queue.channel(args.channel)
  if not channel then return tx.refuse('UNKNOWN_CHANNEL', 'there is no channel ' .. args.channel) end
  local c = case.create(args.case, { queue = args.queue, channel = args.channel, pool = channel.pool, cost = channel.cost,
    priority = args.priority, score = case.score(args.priority, tx.now), card = args.card, digest = args.digest,
    requested_at = tx.now_text, created_at = args.created_at ~= '' and args.created_at or tx.now_text,
    parked_cost = channel.parked_cost,
    linked_case = args.linked_case ~= '' and args.linked_case,
    customer = args.customer })
  local refusal = queue.full(c.queue, classes.of(c))
  if refusal then return refusal end
  case.pass(c, 'waiting', '')
  case.record('case_queued', c, tx.actor, nil, case.view(c) .. customers.member(c))
  case.vacate(c)
  customers.enter(c)
  call('SET', keys.card(c.id), args.card)
  if args.data ~= '' then call('SET', keys.data(c.id), args.data) end
  match.wait(c)
  match.settle()
  return tx.commit(case.brief(c))
end
