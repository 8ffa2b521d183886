-- The owner's work is done. A case withdrawn under its owner's hands ends as cancelled, any other as closed.
-- args: case baton disposition
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_closed case_cancelled case_offered case_assigned agent_status_changed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { active = true, parked = true, wrapping = true })
  if refusal then return refusal end
  local extra = args.disposition ~= '' and ',"disposition":"' .. args.disposition .. '"' or ''
  if c.state == 'wrapping' then
    moves.finish('case_cancelled', c, 'cancelled', tx.actor, extra)
  else
    moves.finish('case_closed', c, 'closed', tx.actor, extra)
  end
  match.settle()
  return tx.commit(case.brief(c))
end
