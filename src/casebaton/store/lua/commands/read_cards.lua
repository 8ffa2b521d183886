-- What these cases show of themselves, as `[case, card]`: those named, and the first `limit` of a queue's line if one is named.
-- args: cases queue limit
-- flags: no-writes
return function(args)
  local ids, names, found = {}, {}, {}
  if args.queue ~= '' then ids = call('ZRANGE', keys.line(args.queue), 0, tonumber(args.limit) - 1) end
  for id in list.items(args.cases) do ids[#ids + 1] = id end
  for i, id in ipairs(ids) do names[i] = keys.card(id) end
  local cards = names[1] and call('MGET', unpack(names)) or {}
  for i, card in ipairs(cards) do
    if card then found[#found + 1] = '["' .. ids[i] .. '",' .. card .. ']' end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
