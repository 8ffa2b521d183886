-- A page of the workspace's agents by id. `after` is the last page's last id or empty.
-- args: after limit
-- flags: no-writes
return function(args)
  local from = args.after == '' and '-' or '(' .. args.after
  local ids = call('ZRANGE', keys.agents, from, '+', 'BYLEX', 'LIMIT', 0, tonumber(args.limit))
  local found = {}
  for i, id in ipairs(ids) do found[i] = agent.json(agent.load(id)) end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']'
    .. (#ids == tonumber(args.limit) and ',"next_cursor":"' .. ids[#ids] .. '"' or '') .. '}')
end
