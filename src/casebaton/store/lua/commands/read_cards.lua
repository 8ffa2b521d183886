-- What these cases show of themselves, as `[case, card]`: those named, or the first `limit` of a queue's line.
-- args: cases queue limit
-- flags: no-writes
return function(args)
  local ids = args.queue ~= '' and call('ZRANGE', keys.line(args.queue), 0, tonumber(args.limit) - 1) or list.array(args.cases)
  local found = {}
  for _, id in ipairs(ids) do
    local card = call('GET', keys.card(id))
    if card then found[#found + 1] = '["' .. id .. '",' .. card .. ']' end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']}')
end
