-- The cases that one agent holds, newest first.
-- args: agent
-- errors: UNKNOWN_AGENT
-- flags: no-writes
return function(args)
  local a = agent.load(args.agent)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. args.agent) end
  local found = {}
  for i, c in ipairs(agent.held_cases(a)) do found[i] = case.json(c) end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
