-- The agent raises its hand, about a case that it owns or in general; one flag at a time.
-- args: case text
-- errors: UNKNOWN_AGENT FLAG_RAISED CASE_NOT_FOUND NOT_HOLDER
-- events: flag_raised
-- flags: allow-oom
local function not_owned(id)
  local c = case.load(id)
  if not c then return guard.not_found(id) end
  if case.owner(c) ~= tx.actor then return tx.refuse('NOT_HOLDER', 'the case is not with ' .. tx.subject, describe.brief(c)) end
end

return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  if flag.is_raised(a) then return tx.refuse('FLAG_RAISED', 'the flag of ' .. a.id .. ' is up already: lower it first') end
  local refusal = args.case ~= '' and not_owned(args.case)
  if refusal then return refusal end
  flag.raise(a, args.case, args.text)
  flag.record('flag_raised', a, tx.actor, flag.about(args.case, args.text))
  return tx.commit(flag.answer(a))
end
