-- One case with its data, as it is now.
-- args: case
-- errors: CASE_NOT_FOUND
-- flags: no-writes
return function(args)
  local c = case.load(args.case)
  if not c then return guard.not_found(args.case) end
  return tx.unchanged(case.json(c, call('GET', keys.data(c.id)) or nil))
end
