-- The cases that one agent holds, as far as they are within the scope, newest first; those that a colleague wants to hand over are still the colleague's.
-- args: agent
-- errors: UNKNOWN_AGENT
-- flags: no-writes
return function(args)
  local a = agent.load(args.agent)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. args.agent) end
  local found = {}
  for _, c in ipairs(agent.held_cases(a)) do
    if c.agent == a.id and scope.has_case(c) then found[#found + 1] = describe.json(c) end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
