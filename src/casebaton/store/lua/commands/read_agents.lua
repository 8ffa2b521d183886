-- A page of the workspace's agents by id; those outside the scope are left out, so that a page may be short. `after` is the last page's last id or empty.
-- args: after limit
-- flags: no-writes
return function(args)
  local from = args.after == '' and '-' or '(' .. args.after
  local ids = call('ZRANGE', keys.agents, from, '+', 'BYLEX', 'LIMIT', 0, tonumber(args.limit))
  local found = {}
  for _, id in ipairs(ids) do
    local a = agent.load(id)
    if scope.has_agent(a) then found[#found + 1] = profile.json(a) end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']'
    .. (#ids == tonumber(args.limit) and ',"next_cursor":"' .. ids[#ids] .. '"' or '') .. '}')
end
