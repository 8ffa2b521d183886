-- The owner's work is done, says the owner or who steers. A case withdrawn under its owner's hands ends as cancelled, any other as closed.
-- args: case baton disposition
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE OUT_OF_SCOPE
-- events: case_closed case_cancelled transfer_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.live_case(args.case, args.baton, { active = true, parked = true, wrapping = true })
  if refusal then return refusal end
  moves.complete(c, tx.actor, args.disposition, '')
  match.settle()
  return tx.commit(describe.brief(c))
end
