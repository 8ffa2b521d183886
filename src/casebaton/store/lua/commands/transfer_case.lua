-- The case moves into another queue's line with its age; whoever held it is told and not offered it again for a while.
-- args: case baton queue reason
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE UNKNOWN_QUEUE SAME_QUEUE TOO_MANY_CLASSES
-- events: case_transferred case_offered case_resumed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.live_case(args.case, args.baton)
  if refusal then return refusal end
  local q = queue.open(args.queue)
  if not q then return queue.unknown(args.queue) end
  if c.queue == args.queue then
    return tx.refuse('SAME_QUEUE', 'the case is of queue ' .. c.queue .. ' already: return it instead', case.brief(c))
  end
  refusal = queue.full(args.queue, classes.of(c, args.queue))
  if refusal then return refusal end
  local a = c.agent ~= '' and agent.load(c.agent)
  if a and c.state ~= 'offered' then agent.restart_idle(a) end
  moves.requeue('case_transferred', c, tx.actor, args.reason ~= '' and ',"reason":"' .. args.reason .. '"' or '', args.queue)
  if a then moves.cool(c, a, q.exclusion_ms) end
  match.settle()
  return tx.commit(case.brief(c))
end
