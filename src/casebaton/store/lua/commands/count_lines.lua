-- How many cases wait in each of these queues (ids joined by commas); where an agent asks, in each of its own.
-- args: queues
-- flags: no-writes
-- errors: UNKNOWN_AGENT
return function(args)
  local queues = args.queues
  if tx.role == 'agent' then
    local a = agent.load(tx.subject)
    if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
    queues = agent.memberships(a)
  end
  local found = {}
  for id in list.items(queues) do found[#found + 1] = '"' .. id .. '":' .. call('ZCARD', keys.line(id)) end
  return tx.unchanged('{"at_ms":' .. tx.now_text .. ',"waiting":{' .. table.concat(found, ',') .. '}}')
end
