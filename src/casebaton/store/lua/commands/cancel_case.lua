-- The case is withdrawn. An owner who works on it is told at once and wraps up; otherwise it is over.
-- args: case baton reason
-- errors: CASE_NOT_FOUND STALE_BATON WRONG_STATE OUT_OF_SCOPE
-- events: case_cancelled case_wrapping transfer_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.case(args.case, args.baton, { waiting = true, offered = true, active = true, parked = true })
  if refusal then return refusal end
  local reason = ',"reason":"' .. args.reason .. '"'
  if c.state == 'active' then
    moves.wrap(c, tx.actor, 'cancelled', '', reason)
  else
    moves.finish('case_cancelled', c, 'cancelled', tx.actor, reason)
  end
  match.settle()
  return tx.commit(describe.brief(c))
end
