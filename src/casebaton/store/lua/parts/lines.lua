-- uses: classes, gate, keys, list, tx, waits, patience
-- A case's place in its queue's line and in its class.
local lines = {}

-- The rank of the first case behind a place (score, id) of a sorted set, whether or not that case is still there.
function lines.rank_behind(key, score, id)
  local low, high = call('ZCOUNT', key, '-inf', '(' .. score), call('ZCOUNT', key, '-inf', score)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if list.is_before(id, call('ZRANGE', key, middle, middle)[1]) then high = middle else low = middle + 1 end
  end
  return low
end

-- To where its score puts it.
function lines.move(c)
  call('ZADD', keys.line(c.queue), c.score, c.id)
  call('ZADD', keys.wait(c.lined_class), c.score, c.id)
end

function lines.enter(c)
  c.lined_class = classes.of(c)
  lines.move(c)
  waits.line_up(c)
  patience.begin(c)
end

-- `lined_class` is where the case stands, whatever it asks by now.
function lines.leave(c)
  local class = c.lined_class
  if not class then return end
  waits.stop(c)
  local queue_id = classes.parse(class).queue
  call('ZREM', keys.line(queue_id), c.id)
  if tx.draining > 0 and gate.state(queue_id).draining ~= '' then tx.left[queue_id] = true end
  call('ZREM', keys.wait(class), c.id)
  c.lined_class = nil
end

return lines
