-- Queues (ids joined by commas) as they are now; those that the configuration does not have, or outside the scope, are left out.
-- args: queues
-- flags: no-writes
return function(args)
  local found = {}
  for id in list.items(args.queues) do
    local q = queue.load(id)
    if q and scope.has_queue(id) then found[#found + 1] = string.sub(gate.json(q), 1, -2) .. gate.pause(id) .. '}' end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
