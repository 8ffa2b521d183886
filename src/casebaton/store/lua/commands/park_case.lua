-- The owner keeps the case and has its capacity free, until it wakes: at a time, or when the customer does something.
-- args: case baton wake_at_ms
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_parked transfer_failed
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { active = true })
  if refusal then return refusal end
  local a = agent.load(c.agent)
  transfers.withdraw(c, tx.actor)
  parking.park(c, a, tx.actor, args.wake_at_ms)
  match.free(a)
  match.settle()
  return tx.commit(describe.brief(c))
end
