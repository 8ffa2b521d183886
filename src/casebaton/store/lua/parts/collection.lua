-- uses: keys, tx, timers, jobs, queue, birth, causes
-- Kinds of work come and go, and their classes with them: one in which nothing waits is given up when its queue needs the place, or when
-- nothing has come into it for a while. From then on it is none of the queue's classes, and its members leave it in slices.
local collection = {}
local MOST = 256 -- classes of a queue; as many jobs may be under way when one more makes another one go
local KEPT = 32 -- so few may be idle for ever: the lists of an agent that names them stay short
local LOOK_MS = 600000 -- what was empty at one look, and has stayed so until the next, is given up
local WITHOUT_JOB = { open = true, idle = true, off = true, stopped = true }

local function count(queue_id) return call('HLEN', keys.classes(queue_id)) end

local function is_empty(class) return call('ZCARD', keys.wait(class)) == 0 end

-- Class and state of one that can be given up: an idle one, or else any that is empty; nil when something waits in all of them.
local function superfluous(queue_id)
  local rows, class, state = call('HGETALL', keys.classes(queue_id)), nil, nil
  for i = 1, #rows, 2 do
    if rows[i + 1] == 'idle' then return rows[i], 'idle' end
    if not class and WITHOUT_JOB[rows[i + 1]] and is_empty(rows[i]) then class, state = rows[i], rows[i + 1] end
  end
  return class, state
end

-- A refusal when the queue may not have one more class, else nil: to be asked before the first write.
function collection.full(queue_id, class)
  if queue.class_state(queue_id, class) or count(queue_id) < MOST then return nil end
  if call('HLEN', keys.progress(queue_id)) < MOST and superfluous(queue_id) then return nil end
  return tx.refuse('TOO_MANY_CLASSES', 'cases of ' .. MOST .. ' kinds (channel, cost and skills) wait in queue ' .. queue_id
    .. ' already: use fewer different costs or skill combinations')
end

local function give_up(queue_id, class, state)
  queue.forget_class(queue_id, class)
  causes.forget(queue_id, class)
  if state ~= 'off' then jobs.go_on('retire', queue_id, class, '') end -- one that is off has no members
end

-- A class is about to be born. It may be on its way out itself.
function collection.make_room(queue_id, class)
  jobs.cancel('retire', queue_id, class)
  if count(queue_id) >= MOST then
    local old, state = superfluous(queue_id)
    if old then give_up(queue_id, old, state) end
  end
  if count(queue_id) >= KEPT and not timers.is_set('collect', queue_id, '0') then
    timers.set('collect', queue_id, '0', tx.now + LOOK_MS)
  end
end

-- Gives up what has been idle since the last look, and marks what is empty now: the first case that comes into it takes the mark away.
function collection.look(queue_id)
  local rows = call('HGETALL', keys.classes(queue_id))
  local surplus = #rows / 2 - KEPT
  for i = 1, #rows, 2 do
    local class, state = rows[i], rows[i + 1]
    if surplus > 0 and (state == 'idle' or state == 'off' and is_empty(class)) then
      give_up(queue_id, class, state)
      surplus = surplus - 1
    elseif state == 'open' and is_empty(class) then
      queue.set_class_state(queue_id, class, 'idle')
    end
  end
  if surplus > 0 then timers.set('collect', queue_id, '0', tx.now + LOOK_MS) end
end

-- One slice of the members of a class that was given up.
function collection.retire(queue_id, class)
  if queue.class_state(queue_id, class) then return end -- born again by a timer that fired in this very script
  local next_after = birth.undo(queue_id, class)
  if next_after then return jobs.go_on('retire', queue_id, class, next_after) end
  jobs.cancel('retire', queue_id, class)
end

return collection
