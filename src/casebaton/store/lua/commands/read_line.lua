-- A page of a queue's line, first in order first. `after` is the last page's cursor (score:case) or empty.
-- args: queue after limit
-- errors: UNKNOWN_QUEUE NOT_MEMBER OUT_OF_SCOPE
-- flags: no-writes
return function(args)
  local q, refusal = guard.seen_queue(args.queue)
  if refusal then return refusal end
  if tx.role == 'agent' then
    local a = agent.load(tx.subject)
    if not a or not agent.is_member(a, q.id) then
      return tx.refuse('NOT_MEMBER', tx.subject .. ' is not a member of queue ' .. q.id)
    end
  end
  local limit = tonumber(args.limit)
  local score, last = string.match(args.after, '^(%d+):(.+)$')
  local first = score and lines.rank_behind(keys.line(q.id), score, last) or 0
  local cases, cursor = {}, ''
  for i, id in ipairs(call('ZRANGE', keys.line(q.id), first, first + limit - 1)) do
    local c = case.load(id)
    cases[i], cursor = describe.json(c), c.score .. ':' .. id
  end
  return tx.unchanged(string.sub(gate.json(q), 1, -2) .. ',"cases":[' .. table.concat(cases, ',') .. ']'
    .. (#cases == limit and ',"next_cursor":"' .. cursor .. '"' or '') .. '}')
end
