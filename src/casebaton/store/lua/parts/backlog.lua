-- uses: keys, list, record, tx, timers, case, agent, queue, offers
-- What is too much for one script: a class's birth, its change of mode, and a line that has to be worked off. Slices of `advance` do it.
local backlog = {}
local BUILD_SLICE = 50 -- members a script adds to a class
local DRAIN_SLICE = 50 -- cases a script looks at in a dirty class

-- A class that cannot be settled now is left to slices of `advance`; until then arrivals only queue.
function backlog.mark_dirty(queue_id, class)
  local state = queue.class_state(queue_id, class)
  if state == 'open' then
    queue.set_class_state(queue_id, class, 'dirty')
    timers.set('drain', class, '0', tx.now)
  elseif state == 'dirty' then
    queue.set_class_state(queue_id, class, 'again')
  end
end

-- Adds a slice of the queue's members to a class (or takes them out of it); returns where to go on, or nil.
local function build_slice(queue_id, class, after, included)
  local from = after == '' and '-' or '(' .. after
  local ids = call('ZRANGE', keys.members(queue_id), from, '+', 'BYLEX', 'LIMIT', 0, BUILD_SLICE)
  for _, id in ipairs(ids) do
    local a = agent.load(id)
    a.classes = list.without(a.classes, class)
    if included and agent.qualifies(a, class) then a.classes = list.with(a.classes, class) end
    a.is_changed = true
    record.touch(a)
    if not a.is_freed then agent.publish(a) end -- or it would be offered this case before the best one is looked for
  end
  return #ids == BUILD_SLICE and ids[BUILD_SLICE] or nil
end

-- One slice of a class's birth (or of its change of mode); its waiting cases are drained when it is whole.
function backlog.build(queue_id, class, after)
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
function backlog.drain(queue_id, class, passed)
  local state = queue.class_state(queue_id, class)
  if state ~= 'dirty' and state ~= 'again' then return end
  local score, last = string.match(passed, '^(%d+)/(.+)$')
  local rank = score and case.rank_behind(keys.wait(class), score, last) or 0
  local ids = call('ZRANGE', keys.wait(class), rank, rank + DRAIN_SLICE - 1)
  for _, id in ipairs(ids) do
    local c = case.load(id)
    local a = offers.first_ready(c, class, c.cooling)
    if a then
      offers.make(c, a)
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

return backlog
