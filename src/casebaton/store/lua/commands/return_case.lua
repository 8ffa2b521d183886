-- The owner (or who steers) hands the case back to its queue; for a while it is not offered to the same agent again.
-- args: case baton reason place
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE OUT_OF_SCOPE
-- events: case_returned transfer_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.live_case(args.case, args.baton, { active = true, parked = true, wrapping = true })
  if refusal then return refusal end
  if args.place ~= 'keep' then c.score = order[args.place](c) end
  moves.hand_back(c, tx.actor, args.reason, args.place)
  match.settle()
  return tx.commit(describe.brief(c))
end
