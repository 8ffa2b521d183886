-- These cases as they are now; those that are not there or that the sender may not see are left out. An agent sees its own, what rings at it,
-- and those of its queues.
-- args: cases
-- flags: no-writes
local function may_see(c)
  if tx.role ~= 'agent' then return scope.has_case(c) end
  if c.agent == tx.subject or c.target == tx.subject then return true end
  local a = agent.load(tx.subject)
  return a and agent.is_member(a, c.queue)
end

return function(args)
  local found, viewer = {}, tx.role == 'agent' and tx.subject or nil
  for id in list.items(args.cases) do
    local c = case.load(id)
    if c and may_see(c) then found[#found + 1] = describe.json(c, nil, viewer) end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
