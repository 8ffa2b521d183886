-- uses: keys, jobs, list, causes, classes, tx, timers, case, queue, offers, backlog, named, statuses, parking, birth, collection, eligible, lines, turns, reservations, windows
-- The only place that matches. A command says who waits (`match.wait`) and who may have room (`match.free`); `settle`, its last
-- step, makes every match that its own change made possible.
local match = {}
local SERVE_SLICE = 100 -- matches a script makes for agents set free: an offer slot ends soon, room for what is auto-accepted may not

-- Once, however many timers of one run concern the case.
function match.wait(c)
  if c.awaits_match then return end
  c.awaits_match = true
  tx.waiting[#tx.waiting + 1] = c
end

function match.free(a)
  tx.free[#tx.free + 1] = a
  a.is_freed = true
end

-- Whose state this very script changed must not be found by what the index said before.
local function retract_freed()
  for i = 1, #tx.free do turns.retract(tx.free[i]) end
end

-- The first case of its kind: the class gets its members, small queues in this very script.
local function give_birth(queue_id, class)
  collection.make_room(queue_id, class)
  if queue.load(queue_id).mode == 'pull' then
    queue.set_class_state(queue_id, class, 'off')
    return 'off'
  end
  birth.build(queue_id, class)
  return queue.class_state(queue_id, class)
end

-- A case is loaded for its window alone.
local function is_barred(id, a, has_windows)
  if a.cooling > 0 and call('ZSCORE', keys.cooling(id), a.id) then return true end
  if not has_windows then return false end
  local c = case.load(id)
  return windows.in_the_way(c, a.id, c.window) ~= nil
end

-- The first case of a class that is not barred from the agent: id, score.
local function head(a, class)
  local has_windows = windows.count(classes.parse(class).channel)
  local last = (a.cooling > 0 or has_windows) and offers.STEP_OVER - 1 or 0
  local rows = call('ZRANGE', keys.wait(class), 0, last, 'WITHSCORES')
  for i = 1, #rows, 2 do
    if not is_barred(rows[i], a, has_windows) then return rows[i], tonumber(rows[i + 1]) end
  end
  if rows[1] then causes.look(classes.parse(class).queue, class) end -- the agent stays ready beside it
  if #rows == 2 * offers.STEP_OVER then backlog.mark_dirty(classes.parse(class).queue, class) end
end

-- The best so far: by its queue's rank, its place in that rank's order, its id.
local best = {}

local function is_ahead(rank, score, id)
  if rank ~= best.rank then return rank < best.rank end
  if score ~= best.score then return score < best.score end
  return list.is_before(id, best.id)
end

local function consider(queue_id, id, score)
  local rank = queue.load(queue_id).rank
  if not best.id or is_ahead(rank, score, id) then best.id, best.rank, best.score = id, rank, score end
end

-- The best head among the classes that fit the agent, and of what waits for this agent alone.
local function best_case(a, fitting)
  best.id = nil
  local found = list.array(fitting)
  for i = 1, #found do
    local class = found[i]
    local queue_id = classes.parse(class).queue
    if (tx.unsettled == 0 or queue.class_state(queue_id, class) == 'open') then
      local id, score = head(a, class)
      if id then consider(queue_id, id, score) end
    end
  end
  if a.named ~= '' then
    for queue_id in list.items(a.named) do
      local c = named.head(a, queue_id)
      if c then consider(queue_id, c.id, tonumber(c.score)) end
    end
  end
  return best.id and case.load(best.id)
end

-- Is this case the agent's? Whom this very script set free may have a better one in line by now: that comes first.
local function is_for(a, c)
  if not a.is_freed or not best_case(a, turns.fitting(a) or '') then return true end
  return is_ahead(queue.load(c.queue).rank, tonumber(c.score), c.id)
end

-- A case that waits goes to the first agent who is ready for it, else into its line.
local function place(c)
  if c.reserved_agent ~= '' then reservations.review(c) end
  if classes.named_agent(c) ~= '' and named.place(c) then return end
  local class = classes.of(c)
  local state = queue.class_state(c.queue, class)
  if not state then
    state = give_birth(c.queue, class)
  elseif state == 'idle' then
    state = 'open'
    queue.set_class_state(c.queue, class, state)
  end
  if state == 'open' then
    local a, found = offers.first_ready(c, class, offers.STEP_OVER - 1, is_for)
    if a then
      offers.make(c, a, found)
      turns.publish(a)
      return
    end
    lines.enter(c)
    if found then backlog.mark_dirty(c.queue, class) end
  else
    lines.enter(c)
    if state == 'dirty' then backlog.mark_dirty(c.queue, class) end
  end
end

-- What waits for the agent is more than one script may match: `advance` goes on, in slices.
local function leave_to_drains(a)
  for _, class in ipairs(list.array(a.classes)) do
    if eligible.fits(a, class) and call('ZCARD', keys.wait(class)) > 0 then
      backlog.mark_dirty(classes.parse(class).queue, class)
    end
  end
  if a.named ~= '' then timers.set('serve', a.id, '0', tx.now) end
end

-- Whoever has become ready for a class that is being worked off may have a case that its drain has passed: barred from all who were ready.
local function ask_drains_again(a)
  for _, class in ipairs(list.array(a.ready)) do
    local queue_id = classes.parse(class).queue
    if queue.class_state(queue_id, class) == 'dirty' and jobs.progress(queue_id, class) ~= '' then backlog.mark_dirty(queue_id, class) end
  end
end

-- Makes the agent's matches, at most `left`; returns how many more the script may make. What has woken on its desk comes before anything new.
local function serve(a, left)
  parking.serve(a)
  if a.reserved_case ~= '' then reservations.serve(a) end
  local fitting = turns.fitting(a)
  while fitting do
    local c = best_case(a, fitting)
    if not c then break end
    if left == 0 then
      leave_to_drains(a)
      break
    end
    offers.make(c, a, offers.decision(classes.named_agent(c) ~= '' and 'named' or queue.load(c.queue).order, a.id))
    left, fitting = left - 1, turns.fitting(a)
  end
  turns.publish(a, fitting)
  if tx.unsettled > 0 then ask_drains_again(a) end
  if a.named ~= '' then named.attend(a) end
  return left
end

-- Ends every command: what its own change did to a status, then cases (an agent is ready only when no waiting case was for it), then
-- agents with room.
function match.settle()
  local waiting, free = tx.waiting, tx.free
  for i = 1, #free do statuses.take_next(free[i]) end
  if waiting[2] then
    table.sort(waiting, function(x, y)
      local x_rank, y_rank = queue.load(x.queue).rank, queue.load(y.queue).rank
      if x_rank ~= y_rank then return x_rank < y_rank end
      if x.score ~= y.score then return tonumber(x.score) < tonumber(y.score) end
      return list.is_before(x.id, y.id)
    end)
  end
  if waiting[1] then retract_freed() end
  local i, left = 1, SERVE_SLICE
  while waiting[i] do
    waiting[i].awaits_match = false
    place(waiting[i])
    i = i + 1
  end
  i = 1
  while free[i] do -- a match may free others
    left = serve(free[i], left)
    free[i].is_freed = false
    i = i + 1
  end
  tx.waiting, tx.free = {}, {}
end

return match
