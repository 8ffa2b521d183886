-- The customer left before anybody owned the case: it is over.
-- args: case baton
-- errors: CASE_NOT_FOUND STALE_BATON WRONG_STATE WAS_OWNED OUT_OF_SCOPE
-- events: case_abandoned
-- flags: allow-oom
return function(args)
  local c, refusal = guard.steered_case(args.case, args.baton)
  if refusal then return refusal end
  if c.owned ~= '' then return tx.refuse('WAS_OWNED', 'somebody has worked on the case: cancel it instead', describe.brief(c)) end
  moves.finish('case_abandoned', c, 'abandoned', tx.actor, '')
  match.settle()
  return tx.commit(describe.brief(c))
end
