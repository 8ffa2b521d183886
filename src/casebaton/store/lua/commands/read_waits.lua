-- A page of a queue's line, first in order first: each case with the instant since which it waits there, `[case, queued_at_ms]`. `after` is
-- the last page's cursor (score:case) or empty.
-- args: queue after limit
-- flags: no-writes
return function(args)
  local key, limit = keys.line(args.queue), tonumber(args.limit)
  local score, last = string.match(args.after, '^(%d+):(.+)$')
  local first = score and lines.rank_behind(key, score, last) or 0
  local rows, found = call('ZRANGE', key, first, first + limit - 1, 'WITHSCORES'), {}
  for i = 1, #rows, 2 do
    found[#found + 1] = '["' .. rows[i] .. '",' .. case.glance(rows[i]).queued_at .. ']'
  end
  local cursor = #found == limit and string.format('%d', rows[#rows]) .. ':' .. rows[#rows - 1]
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']' .. (cursor and ',"next_cursor":"' .. cursor .. '"' or '') .. '}')
end
