-- uses: keys, record, tx, timers, patience, case, gate, flow, lines, order, describe
-- Another order for a line in which cases wait: slice by slice they get their new places, from the first old one on. What comes in
-- meanwhile has a new place at once. Until all have theirs nothing of the queue's is offered, so that nobody overtakes.
local sorting = {}
local SLICE = 20 -- cases that a script looks at
local START = '0/' -- before the first

function sorting.begin(id)
  if call('ZCARD', keys.line(id)) == 0 then return end
  flow.change(id, { sorting = START })
  timers.set('sort', id, '0', tx.now)
end

local function move(c)
  local before = c.score
  order.renew(c)
  record.touch(c)
  patience.begin(c) -- a walk that times the line anew may miss whom this moves
  if c.score == before then return end
  case.record('case_updated', c, 'engine:order', nil, describe.view(c))
  lines.move(c)
end

-- One slice, from behind the place that the last one looked at had (`score/case`). Whom a new place puts before that is done with;
-- whom it puts behind is met again, and stays.
function sorting.go_on(id)
  local key, score, last = keys.line(id), string.match(gate.state(id).sorting, '^(%d+)/(.*)$')
  local first = lines.rank_behind(key, score, last)
  local rows = call('ZRANGE', key, first, first + SLICE - 1, 'WITHSCORES')
  for i = 1, #rows, 2 do move(case.load(rows[i])) end
  if #rows < 2 * SLICE then return flow.change(id, { sorting = '' }) end
  flow.change(id, { sorting = string.format('%d', rows[#rows]) .. '/' .. rows[#rows - 1] })
  timers.set('sort', id, '0', tx.now)
end

return sorting
