-- Whoever owns the case, submitted it or steers writes a text on it. Its owner and its baton do not change.
-- args: case baton text
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE TOO_MANY_NOTES OUT_OF_SCOPE
-- events: note_added
return function(args)
  local c, refusal = guard.live_case(args.case, args.baton)
  if refusal then return refusal end
  if notes.is_full(c) then return tx.refuse('TOO_MANY_NOTES', 'the case has as many notes as it may have', describe.brief(c)) end
  notes.add(c, tx.actor, 'note', args.text)
  return tx.commit(describe.brief(c))
end
