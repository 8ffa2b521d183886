-- A page of a customer's live cases, oldest request first. `after` is the last page's cursor (score:case) or empty.
-- args: customer after limit
-- flags: no-writes
return function(args)
  local key, limit = keys.customer(args.customer), tonumber(args.limit)
  local score, last = string.match(args.after, '^(%d+):(.+)$')
  local first = score and case.rank_behind(key, score, last) or 0
  local found, cursor = {}, ''
  for i, id in ipairs(call('ZRANGE', key, first, first + limit - 1)) do
    local c = case.load(id)
    found[i], cursor = case.json(c), c.requested_at .. ':' .. id
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']'
    .. (#found == limit and ',"next_cursor":"' .. cursor .. '"' or '') .. '}')
end
