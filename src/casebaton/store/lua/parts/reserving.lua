-- uses: keys, record, tx, patience, lines, case, agent, match, reservations
-- When a reservation begins and how it ends: one event each, of the agent and the case together.
local reserving = {}
local SLICE = 20 -- agents that one script looks at
local TIMED = 50 -- cases that one script times anew

function reserving.record(kind, c, a, extra)
  record.touch(c)
  record.touch(a)
  tx.append(kind, 'engine:reserve', 'agent:' .. a.id .. ' queue:' .. c.queue, ',"agent":"' .. a.id .. '","case":"' .. c.id
    .. '","queue":"' .. c.queue .. '"' .. extra)
  match.free(a)
end

-- The case has waited for so long: an agent is kept for it, or still is, or is sought again after the same time.
function reserving.look(c)
  patience.renew(c)
  if c.reserved_agent ~= '' then return match.free(agent.load(c.reserved_agent)) end
  local a = reservations.nearest(c)
  if not a then return end
  c.reserved_agent, a.reserved_case = a.id, c.id
  call('ZADD', keys.kept(c.queue), 0, a.id)
  reserving.record('agent_reserved', c, a, '')
end

-- The slot that `case` leaves for whoever stands above it. A case that still waits seeks another agent after the same time. It waited in
-- `queue_id`.
function case.unreserve(c, reason, queue_id)
  local a = agent.load(c.reserved_agent)
  c.reserved_agent, a.reserved_case = '', ''
  call('ZREM', keys.kept(queue_id), a.id)
  if c.state == 'waiting' then patience.renew(c) end
  reserving.record('reservation_ended', c, a, ',"reason":"' .. reason .. '"')
end

-- A slice of those who are kept for cases of a queue is looked at afresh; where to go on, or nil.
function reserving.review(queue_id, after)
  local ids = call('ZRANGE', keys.kept(queue_id), after == '' and '-' or '(' .. after, '+', 'BYLEX', 'LIMIT', 0, SLICE)
  for _, id in ipairs(ids) do match.free(agent.load(id)) end
  return #ids == SLICE and ids[SLICE] or nil
end

-- A slice of a line, from behind a place (`score/case`) on, whose channels have another time since; where to go on, or nil.
function reserving.time_anew(queue_id, after)
  local key, score, last = keys.line(queue_id), string.match(after, '^(%d+)/(.+)$')
  local first = score and lines.rank_behind(key, score, last) or 0
  local rows = call('ZRANGE', key, first, first + TIMED - 1, 'WITHSCORES')
  for i = 1, #rows, 2 do patience.renew(case.load(rows[i])) end
  return #rows == 2 * TIMED and string.format('%d', rows[#rows]) .. '/' .. rows[#rows - 1] or nil
end

return reserving
