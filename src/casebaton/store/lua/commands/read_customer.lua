-- A page of a customer's live cases, oldest request first; those outside the scope are left out, so that a page may be short. `after` is the last page's cursor (score:case) or empty.
-- args: customer after limit
-- flags: no-writes
return function(args)
  local key, limit = keys.customer(args.customer), tonumber(args.limit)
  local score, last = string.match(args.after, '^(%d+):(.+)$')
  local first = score and lines.rank_behind(key, score, last) or 0
  local found, cursor = {}, ''
  local ids = call('ZRANGE', key, first, first + limit - 1)
  for _, id in ipairs(ids) do
    local c = case.load(id)
    cursor = c.requested_at .. ':' .. id
    if scope.has_case(c) then found[#found + 1] = describe.json(c) end
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']'
    .. (#ids == limit and ',"next_cursor":"' .. cursor .. '"' or '') .. '}')
end
