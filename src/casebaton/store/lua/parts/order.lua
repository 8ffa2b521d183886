-- uses: keys, tx, queue, targets
-- A line's order, lower sooner: by priority, then age (`priority`); by age, a priority step worth so many seconds (`credit`); or by
-- the case's due time or else its earliest target, those without either last (`due`).
local order = {}
-- 39 bits of milliseconds since the workspace's epoch leave 14 of a double's 53 bits for what ranks above age.
local STEP = 2 ^ 39

local function text(score) return string.format('%d', math.max(0, score)) end

-- What a queue's scores are by.
local function by(q)
  if q.order == 'credit' then return 'credit/' .. q.credit_ms end
  return q.order ~= 'priority' and q.order or ''
end

-- The case's place in its present queue, and what that is by. `age_at` is the instant that counts as its age.
function order.score(c)
  local q, age = queue.load(c.queue), c.age_at - tx.epoch
  c.ordered_by = by(q)
  if q.order == 'credit' then return text(age + c.priority * q.credit_ms) end
  if q.order == 'due' then
    local due_at = c.due_at ~= '' and c.due_at or targets.earliest(c)
    return text(due_at ~= '' and due_at - tx.epoch or STEP + age)
  end
  return text(c.priority * STEP + age)
end

-- The queue's order may have changed since the case got its place.
function order.renew(c)
  if c.ordered_by ~= by(queue.load(c.queue)) then c.score = order.score(c) end
end

-- Before the first of its own priority (in the other orders: of the line), and no later than its own place.
function order.front(c)
  order.renew(c)
  local key, low, first = keys.line(c.queue), 0, nil
  if queue.load(c.queue).order == 'priority' then
    low = c.priority * STEP
    first = call('ZRANGE', key, text(low), text(low + STEP - 1), 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')[2]
  else
    first = call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  end
  if not first then return c.score end
  local score = text(math.max(low, math.min(tonumber(c.score), tonumber(first) - 1)))
  c.age_at = string.format('%d', c.age_at + score - c.score)
  return score
end

-- Behind what waits already, as far as its order lets it: its age counts from now.
function order.back(c)
  c.age_at = tx.now_text
  return order.score(c)
end

return order
