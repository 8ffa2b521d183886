-- uses: keys, jobs, case, queue, offers, lines, turns, windows
-- A line that has to be worked off: what is too much for one script is left to slices of `advance`.
local backlog = {}
local SLICE = 20 -- cases a script looks at in a dirty class: so many matches take a few milliseconds
local ASKED = 50 -- agents whom it asks for one case
local SETTLED = { open = true, idle = true, dirty = true, again = true }

-- Works a class's waiting cases off, from the first one on; until then arrivals only queue.
function backlog.begin(queue_id, class)
  if call('ZCARD', keys.wait(class)) == 0 then return jobs.rest(queue_id, class, 'open') end
  queue.set_class_state(queue_id, class, 'dirty')
  jobs.go_on('drain', queue_id, class, '')
end

-- A class that cannot be settled now is worked off; one that is being worked off, once more from its beginning.
function backlog.mark_dirty(queue_id, class)
  local state = queue.class_state(queue_id, class)
  if state == 'open' then
    backlog.begin(queue_id, class)
  elseif state == 'dirty' then
    queue.set_class_state(queue_id, class, 'again')
  end
end

-- Nothing of the queue's is matched from now on. The indexes stay true; a class that is being built stops when it is whole.
function backlog.stop(queue_id)
  local found = call('HGETALL', keys.classes(queue_id))
  for i = 1, #found, 2 do
    if SETTLED[found[i + 1]] then
      jobs.drop('drain', found[i])
      jobs.rest(queue_id, found[i], 'stopped')
    end
  end
end

function backlog.start(queue_id)
  local found = call('HGETALL', keys.classes(queue_id))
  for i = 1, #found, 2 do
    if found[i + 1] == 'stopped' then backlog.begin(queue_id, found[i]) end
  end
end

-- Where a drain goes on: behind the last case for which nobody was found (`score/case`), or with that case again, behind the last agent
-- who was asked for it (`score/case/turn/agent`). Returns the rank of the next case, and of the next agent for that one.
local function resume(class, passed)
  local score, last, turn, asked = string.match(passed, '^(%d+)/([^/]+)/?(%d*)/?(.*)$')
  if not score then return 0, 0 end
  local rank = lines.rank_behind(keys.wait(class), score, last)
  if asked == '' or tonumber(call('ZSCORE', keys.wait(class), last) or nil) ~= tonumber(score) then return rank, 0 end
  return rank - 1, lines.rank_behind(keys.ready(class), turn, asked)
end

-- One slice in the line's order.
function backlog.drain(queue_id, class)
  local state = queue.class_state(queue_id, class)
  if state ~= 'dirty' and state ~= 'again' then return end -- stopped by a timer that fired in this very script
  local passed = jobs.progress(queue_id, class)
  local rank, skip = resume(class, passed)
  local ids = call('ZRANGE', keys.wait(class), rank, rank + SLICE - 1)
  for i, id in ipairs(ids) do
    local c = case.load(id)
    -- Anybody may have something else in a case's window: then so many are asked a slice, one after the other.
    local a, decision, asked = offers.first_ready(c, class, windows.is_set(c) and ASKED - 1 or c.cooling, nil, i == 1 and skip or 0)
    if a then
      offers.make(c, a, decision)
      turns.publish(a)
    else
      passed = c.score .. '/' .. id
      if windows.is_set(c) and asked then
        return jobs.go_on('drain', queue_id, class, passed .. '/' .. call('ZSCORE', keys.ready(class), asked) .. '/' .. asked)
      end
    end
  end
  if #ids == SLICE and call('ZCARD', keys.ready(class)) > 0 then
    jobs.go_on('drain', queue_id, class, passed)
  elseif state == 'again' then
    queue.set_class_state(queue_id, class, 'dirty')
    jobs.go_on('drain', queue_id, class, '')
  else
    jobs.rest(queue_id, class, 'open')
  end
end

return backlog
