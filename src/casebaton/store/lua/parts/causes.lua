-- uses: keys, classes, tx, queue, gate
-- Why the cases of a class wait, and for how long they have so far by each cause: totals, in the time that the queue was running. A case
-- needs only the difference between two readings, however many cases wait. A class's cause is looked at again at the end of every run
-- that may have changed it.
local causes = {}
local NAMES = { 'no_agent', 'cooling', 'busy', 'engine', 'untaken' }
local PLACE = { no_agent = 1, cooling = 2, busy = 3, engine = 4, untaken = 5 }
local TAKEABLE = { cooling = true, engine = true } -- somebody is ready: whoever ceases to be may change the cause
causes.NAMES = NAMES

local function load(queue_id, class)
  local row = tx.causes[class]
  if row then return row end
  local text = call('HGET', keys.causes(queue_id), class)
  local cause, since, rest = string.match(text or '', '^(%a*_?%a*) (%d+) (.+)$')
  row = { cause = cause or '', since = tonumber(since), totals = {} }
  for total in string.gmatch(rest or '0 0 0 0 0', '%d+') do row.totals[#row.totals + 1] = tonumber(total) end
  tx.causes[class] = row
  return row
end

-- How long so far by each cause, as in NAMES.
function causes.totals(queue_id, class)
  local row = load(queue_id, class)
  local place = PLACE[row.cause]
  if place then
    local running = gate.running(queue_id)
    row.totals[place] = row.totals[place] + running - row.since
    row.since = running
  end
  return row.totals
end

-- At this run's end the class's cause is worked out afresh.
function causes.look(queue_id, class) tx.looked[class] = queue_id end

local function present(queue_id, class)
  local state = queue.class_state(queue_id, class)
  if state == 'off' then return 'untaken' end
  if state == 'building' then return 'engine' end
  if call('ZCARD', keys.ready(class)) > 0 then
    if state ~= 'open' and state ~= 'idle' then return 'engine' end
    return call('ZCARD', keys.wait(class)) > 0 and 'cooling' or ''
  end
  return (tonumber(call('HGET', keys.attending(queue_id), class)) or 0) > 0 and 'busy' or 'no_agent'
end

local function count_takeable(before, now)
  local more = (TAKEABLE[now] and 1 or 0) - (TAKEABLE[before] and 1 or 0)
  if more ~= 0 then tx.takeable = call('HINCRBY', keys.meta, 'takeable', more) end
end

-- The class is none of the queue's any more; nothing waits in it.
function causes.forget(queue_id, class)
  count_takeable(load(queue_id, class).cause, '')
  call('HDEL', keys.causes(queue_id), class)
  tx.causes[class], tx.looked[class] = nil, nil
end

local function change(queue_id, class, cause)
  local totals, row = causes.totals(queue_id, class), load(queue_id, class)
  count_takeable(row.cause, cause)
  row.cause, row.since = cause, gate.running(queue_id)
  local text = { cause, string.format('%d', row.since) }
  for i = 1, #NAMES do text[i + 2] = string.format('%d', totals[i]) end
  call('HSET', keys.causes(queue_id), class, table.concat(text, ' '))
end

-- Ends every run that changed something.
function tx.conclude()
  for class, queue_id in pairs(tx.looked) do
    local state = queue.class_state(queue_id, class)
    -- While its queue is stopped no time passes for it; when that ends it is looked at again.
    if state and state ~= 'stopped' then
      local cause = present(queue_id, class)
      if cause ~= load(queue_id, class).cause then change(queue_id, class, cause) end
    end
  end
end

-- One agent more (1) or less (-1) is there who may have the class's cases, room apart.
function causes.attend(class, by)
  local queue_id = classes.parse(class).queue
  local count = call('HINCRBY', keys.attending(queue_id), class, by)
  if count == 0 then call('HDEL', keys.attending(queue_id), class) end
  if count == 0 or (by == 1 and count == 1) then causes.look(queue_id, class) end
end

return causes
