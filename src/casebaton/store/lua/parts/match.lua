-- uses: keys, tx, case, agent, queue, timers
-- The only place that matches. A command says who waits (`match.wait`) and who may have room (`match.free`); `settle`, its last
-- step, makes every match that its own change made possible.
local match = {}
local STEP_OVER = 32 -- agents or cases passed over for a cool-down before the class is left to a drain
local BUILD_SLICE = 50 -- members a script adds to a class
local DRAIN_SLICE = 50 -- cases a script looks at in a dirty class

function match.wait(c) tx.waiting[#tx.waiting + 1] = c end

function match.free(a)
  tx.free[#tx.free + 1] = a
  a.is_freed = true
end

-- Whose state this very script changed must not be found by what the index said before.
local function retract_freed()
  for _, a in ipairs(tx.free) do agent.retract(a) end
end

local function is_cooling(c, agent_id)
  return c.cooling > 0 and call('ZSCORE', keys.cooling(c.id), agent_id) ~= false
end

-- A class that cannot be settled now is left to slices of `advance`; until then arrivals only queue.
local function mark_dirty(queue_id, class)
  local state = queue.class_state(queue_id, class)
  if state == 'open' then
    queue.set_class_state(queue_id, class, 'dirty')
    timers.set('drain', class, '0', tx.now)
  elseif state == 'dirty' then
    queue.set_class_state(queue_id, class, 'again')
  end
end

-- Reserves the case for the agent. The queue still owns it; the agent's units are held from here on.
local function offer(c, a)
  local channel = queue.channel(c.channel)
  case.pass(c, 'offered', a.id)
  c.deadline_at = timers.in_service(channel.ring_ms)
  agent.load_with(a, c)
  case.record('case_offered', c, 'engine:match', a, case.view(c))
  case.vacate(c)
  call('ZADD', keys.held(a.id), tx.now_text, c.id)
  timers.set_deadline('offer', c.id, c.baton, c.deadline_at)
end

-- Looks past at most `most` agents: no more can be cooling than the case counts.
local function first_ready(c, class, most)
  local ids = call('ZRANGE', keys.ready(class), 0, math.min(c.cooling, most))
  for _, id in ipairs(ids) do
    if not is_cooling(c, id) then return agent.load(id) end
  end
  return nil, #ids == STEP_OVER
end

-- Adds a slice of the queue's members to a class (or takes them out of it); returns where to go on, or nil.
local function build_slice(queue_id, class, after, included)
  local from = after == '' and '-' or '(' .. after
  local ids = call('ZRANGE', keys.members(queue_id), from, '+', 'BYLEX', 'LIMIT', 0, BUILD_SLICE)
  for _, id in ipairs(ids) do
    local a = agent.load(id)
    local classes = {}
    for known in agent.items(a.classes) do
      if known ~= class then classes[#classes + 1] = known end
    end
    if included then classes[#classes + 1] = class end
    table.sort(classes)
    a.classes = table.concat(classes, ',')
    tx.touch(a)
    if not a.is_freed then agent.publish(a) end -- or it would be offered this case before the best one is looked for
  end
  return #ids == BUILD_SLICE and ids[BUILD_SLICE] or nil
end

-- One slice of a class's birth (or of its change of mode); its waiting cases are drained when it is whole.
function match.build(queue_id, class, after)
  local q = queue.load(queue_id)
  local included = q ~= nil and q.mode ~= 'pull'
  local next_after = build_slice(queue_id, class, after, included)
  if next_after then
    queue.set_class_state(queue_id, class, 'building')
    timers.set('build', class, next_after, tx.now)
  elseif not included then
    queue.set_class_state(queue_id, class, 'off')
  elseif call('ZCARD', keys.wait(class)) > 0 then
    queue.set_class_state(queue_id, class, 'dirty')
    timers.set('drain', class, '0', tx.now)
  else
    queue.set_class_state(queue_id, class, 'open')
  end
end

-- One slice of a dirty class in the line's order, from behind the last case for which nobody was found (`score/case`, '0' at first).
-- A class that is being built is drained when it is whole.
function match.drain(queue_id, class, passed)
  local state = queue.class_state(queue_id, class)
  if state ~= 'dirty' and state ~= 'again' then return end
  local score, last = string.match(passed, '^(%d+)/(.+)$')
  local rank = score and case.rank_behind(keys.wait(class), score, last) or 0
  local ids = call('ZRANGE', keys.wait(class), rank, rank + DRAIN_SLICE - 1)
  for _, id in ipairs(ids) do
    local c = case.load(id)
    local a = first_ready(c, class, c.cooling)
    if a then
      offer(c, a)
      agent.publish(a)
    else
      passed = c.score .. '/' .. id
    end
  end
  if #ids == DRAIN_SLICE and call('ZCARD', keys.ready(class)) > 0 then
    timers.set('drain', class, passed, tx.now)
  elseif state == 'again' then
    queue.set_class_state(queue_id, class, 'dirty')
    timers.set('drain', class, '0', tx.now)
  else
    queue.set_class_state(queue_id, class, 'open')
  end
end

-- The first case of its kind: the class gets its members, small queues in this very script.
local function give_birth(queue_id, class)
  if queue.load(queue_id).mode == 'pull' then
    queue.set_class_state(queue_id, class, 'off')
    return 'off'
  end
  match.build(queue_id, class, '')
  return queue.class_state(queue_id, class)
end

-- A case that waits goes to the first agent who is ready for it, else into its line.
local function place(c)
  local class = case.class(c)
  local state = queue.class_state(c.queue, class)
  if not state then state = give_birth(c.queue, class) end
  if state == 'open' then
    local a, exhausted = first_ready(c, class, STEP_OVER - 1)
    if a then
      offer(c, a)
      agent.publish(a)
      return
    end
    case.enter_line(c)
    if exhausted then mark_dirty(c.queue, class) end
  else
    case.enter_line(c)
    if state == 'dirty' then mark_dirty(c.queue, class) end
  end
end

-- The first case of a class that is not cooling down for the agent: id, score.
local function head(a, class)
  local rows = call('ZRANGE', keys.wait(class), 0, a.cooling > 0 and STEP_OVER - 1 or 0, 'WITHSCORES')
  for i = 1, #rows, 2 do
    if a.cooling == 0 or not call('ZSCORE', keys.cooling(rows[i]), a.id) then return rows[i], tonumber(rows[i + 1]) end
  end
  if #rows == 2 * STEP_OVER then mark_dirty(case.parse_class(class).queue, class) end
end

-- The best head among the classes the agent has room for; ties go by id.
local function best_case(a)
  local best, best_score
  for _, class in ipairs(agent.array(a.classes)) do
    if agent.fits(a, class) and (tx.unsettled == 0 or queue.class_state(case.parse_class(class).queue, class) == 'open') then
      local id, score = head(a, class)
      if id and (not best or score < best_score or (score == best_score and id < best)) then best, best_score = id, score end
    end
  end
  return best and case.load(best)
end

local function serve(a)
  while agent.is_available(a) do
    local c = best_case(a)
    if not c then break end
    offer(c, a)
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
