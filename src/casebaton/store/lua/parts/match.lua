-- uses: keys, list, classes, tx, case, agent, queue, offers, backlog, parking
-- The only place that matches. A command says who waits (`match.wait`) and who may have room (`match.free`); `settle`, its last
-- step, makes every match that its own change made possible.
local match = {}

function match.wait(c) tx.waiting[#tx.waiting + 1] = c end

function match.free(a)
  tx.free[#tx.free + 1] = a
  a.is_freed = true
end

-- Whose state this very script changed must not be found by what the index said before.
local function retract_freed()
  for _, a in ipairs(tx.free) do agent.retract(a) end
end

-- The first case of its kind: the class gets its members, small queues in this very script.
local function give_birth(queue_id, class)
  if queue.load(queue_id).mode == 'pull' then
    queue.set_class_state(queue_id, class, 'off')
    return 'off'
  end
  backlog.build(queue_id, class, '')
  return queue.class_state(queue_id, class)
end

-- A case that waits goes to the first agent who is ready for it, else into its line.
local function place(c)
  local class = classes.of(c)
  local state = queue.class_state(c.queue, class)
  if not state then state = give_birth(c.queue, class) end
  if state == 'open' then
    local a, exhausted = offers.first_ready(c, class, offers.STEP_OVER - 1)
    if a then
      offers.make(c, a)
      agent.publish(a)
      return
    end
    case.enter_line(c)
    if exhausted then backlog.mark_dirty(c.queue, class) end
  else
    case.enter_line(c)
    if state == 'dirty' then backlog.mark_dirty(c.queue, class) end
  end
end

-- The first case of a class that is not cooling down for the agent: id, score.
local function head(a, class)
  local rows = call('ZRANGE', keys.wait(class), 0, a.cooling > 0 and offers.STEP_OVER - 1 or 0, 'WITHSCORES')
  for i = 1, #rows, 2 do
    if a.cooling == 0 or not call('ZSCORE', keys.cooling(rows[i]), a.id) then return rows[i], tonumber(rows[i + 1]) end
  end
  if #rows == 2 * offers.STEP_OVER then backlog.mark_dirty(classes.parse(class).queue, class) end
end

-- The best head among the classes the agent has room for; ties go by id.
local function best_case(a)
  local best, best_score
  for _, class in ipairs(list.array(a.classes)) do
    if agent.fits(a, class) and (tx.unsettled == 0 or queue.class_state(classes.parse(class).queue, class) == 'open') then
      local id, score = head(a, class)
      if id and (not best or score < best_score or (score == best_score and id < best)) then best, best_score = id, score end
    end
  end
  return best and case.load(best)
end

-- What has woken on the agent's desk comes before anything new.
local function serve(a)
  parking.serve(a)
  while agent.is_available(a) do
    local c = best_case(a)
    if not c then break end
    offers.make(c, a)
  end
  agent.publish(a)
end

-- Ends every command: cases first (an agent is ready only when no waiting case was for it), then agents with room.
function match.settle()
  if tx.waiting[2] then
    table.sort(tx.waiting, function(x, y)
      if x.score ~= y.score then return tonumber(x.score) < tonumber(y.score) end
      return x.id < y.id
    end)
  end
  if tx.waiting[1] then retract_freed() end
  for _, c in ipairs(tx.waiting) do place(c) end
  for _, a in ipairs(tx.free) do
    serve(a)
    a.is_freed = false
  end
end

return match
