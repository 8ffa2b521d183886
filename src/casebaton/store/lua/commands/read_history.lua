-- A case's last events, newest first, by the chain that each event's `previous` makes. `before` is a position to go on from, or empty.
-- `truncated`: the log holds no more of it.
-- args: case before limit
-- errors: CASE_NOT_FOUND OUT_OF_SCOPE
-- flags: no-writes
return function(args)
  local c, refusal = guard.seen_case(args.case)
  if refusal then return refusal end
  local position, found, is_cut = args.before ~= '' and args.before or c.position, {}, false
  while position and #found < tonumber(args.limit) do
    local entry = call('XRANGE', keys.log, position, position)[1]
    is_cut = not entry -- behind the log's floor: the checkpoint took it over
    if is_cut then break end
    local body = entry[2][4]
    local previous = string.match(body, '"previous":"(%d+%-%d+)"')
    found[#found + 1] = '{"position":"' .. position .. '",' .. string.sub(body, 2)
    position = previous
  end
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']'
    .. (is_cut and ',"truncated":true' or '')
    .. (position and #found == tonumber(args.limit) and ',"next_cursor":"' .. position .. '"' or '') .. '}')
end
