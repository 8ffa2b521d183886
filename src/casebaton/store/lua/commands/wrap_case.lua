-- The owner ends its work but for what there is to write down, for a time; then the case closes by itself.
-- args: case baton disposition
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_wrapping transfer_failed
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { active = true })
  if refusal then return refusal end
  moves.wrap(c, tx.actor, 'closed', args.disposition, '')
  match.settle()
  return tx.commit(describe.brief(c))
end
