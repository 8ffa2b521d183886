-- uses: keys, list, record, jobs, agent, queue, gate, backlog, eligible, turns
-- A class gets its members, or loses them when its queue no longer offers: in slices, since there may be many.
local birth = {}
local SLICE = 50 -- members a script adds to a class
local SLICE_BYTES = 60000 -- of their lists: fewer of those who are in hundreds of classes

-- Adds a slice of the queue's members to a class (or takes them out of it); returns where to go on, or nil.
local function add_members(queue_id, class, after, included)
  local from = after == '' and '-' or '(' .. after
  local ids = call('ZRANGE', keys.members(queue_id), from, '+', 'BYLEX', 'LIMIT', 0, SLICE)
  local bytes = 0
  for i, id in ipairs(ids) do
    local a = agent.load(id)
    local is_in = included and eligible.qualifies(a, class)
    a.classes = is_in and list.with(a.classes, class) or list.without(a.classes, class)
    a.is_changed, a.is_counted_afresh = true, true -- the settings may be others as well
    record.touch_apart(a)
    if not a.is_freed then turns.publish(a) end -- or it would be offered this case before the best one is looked for
    bytes = bytes + #a.classes
    if bytes > SLICE_BYTES and i < #ids then return id end
  end
  return #ids == SLICE and ids[SLICE] or nil
end

-- One slice of the same backwards, of a class that is none of the queue's any more; returns where to go on, or nil.
function birth.undo(queue_id, class) return add_members(queue_id, class, jobs.progress(queue_id, class), false) end

-- One slice; the class's waiting cases are drained when it is whole, unless its queue is stopped.
function birth.build(queue_id, class)
  local q = queue.load(queue_id)
  local included = q ~= nil and q.mode ~= 'pull'
  local next_after = add_members(queue_id, class, jobs.progress(queue_id, class), included)
  if next_after then
    queue.set_class_state(queue_id, class, 'building')
    jobs.go_on('build', queue_id, class, next_after)
  elseif not included then
    jobs.rest(queue_id, class, 'off')
  elseif gate.is_stopped(queue_id) then
    jobs.rest(queue_id, class, 'stopped')
  else
    backlog.begin(queue_id, class)
  end
end

-- From the first member on, whatever was under way.
function birth.begin(queue_id, class)
  jobs.drop('drain', class)
  queue.set_class_state(queue_id, class, 'building')
  jobs.go_on('build', queue_id, class, '')
end

return birth
