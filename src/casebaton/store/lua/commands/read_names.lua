-- What these agents are called; unknown ones are left out.
-- args: agents
-- flags: no-writes
return function(args)
  local found = {}
  for id in list.items(args.agents) do
    local a = agent.profile(id)
    if a then found[#found + 1] = '{"agent":"' .. id .. '","name":' .. cjson.encode(a.name) .. ',"team":' .. cjson.encode(a.team) .. '}' end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
