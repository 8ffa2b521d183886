-- One case with its data, as it is now.
-- args: case
-- errors: CASE_NOT_FOUND OUT_OF_SCOPE
-- flags: no-writes
return function(args)
  local c, refusal = guard.seen_case(args.case)
  if refusal then return refusal end
  return tx.unchanged(describe.json(c, call('GET', keys.data(c.id)) or nil))
end
