-- Queues (ids joined by commas) as they are now; those that the configuration does not have are left out.
-- args: queues
-- flags: no-writes
return function(args)
  local found = {}
  for id in list.items(args.queues) do
    local q = queue.load(id)
    if q then found[#found + 1] = gate.json(q) end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
