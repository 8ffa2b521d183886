-- uses: causes, classes, config, eligible, keys, list, record, tx
-- For which classes an agent is ready now, and its turn in each.
local turns = {}
local IDLE_RANGE = 2 ^ 39 -- milliseconds since the epoch below what ranks above them: 4 bits of tier, 10 of load

-- Units free for a pool, and the limit that they count against.
function turns.free_units(a, pool)
  local free = a.capacity - a.held_primary
  if pool == 'primary' then return free, a.capacity end
  return math.min(free, a.interruptible_capacity) - a.held_interruptible, a.interruptible_capacity
end

-- The classes of which the agent could take a case now, of its own (`among` narrows them down); nil when it is not to be asked for any.
function turns.fitting(a, among)
  if not eligible.is_available(a) then return nil end
  among = among or a.classes
  local classes, fitting = list.array(among), {}
  for i = 1, #classes do
    local class = classes[i]
    if (among == a.classes or list.has(a.classes, class)) and eligible.fits(a, class) then fitting[#fitting + 1] = class end
  end
  return #fitting == #classes and among or table.concat(fitting, ',')
end

local MOST = 1000
local LOADS = {
  longest_idle = function() return 0 end,
  least_active = function(a) return math.min(a.cases, MOST) end,
  least_loaded = function(a, pool)
    local free, limit = turns.free_units(a, pool)
    return limit == 0 and MOST or math.max(0, math.min(MOST, math.floor((limit - free) * MOST / limit)))
  end,
  most_available = function(a, pool) return MOST - math.max(0, math.min(MOST, (turns.free_units(a, pool)))) end,
}

-- The agent's turn in a class, lower sooner: tier, then what the queue chooses by, then the longest idle.
local function turn(a, class)
  local work = classes.parse(class)
  local choice = config.queue(tx.settings, work.queue).choice
  local rank = a.tiers == '' and 0 or eligible.tier(a, work.queue) * 1024
  if choice ~= 'longest_idle' then rank = rank + LOADS[choice](a, work.pool) end
  return string.format('%d', rank * IDLE_RANGE + a.idle_at - tx.epoch)
end

-- Did anything change that a turn in these classes depends on?
local function has_new_turns(a, ready)
  if a.idle_at ~= a.was_idle_at or a.is_changed then return true end -- what this very script wrote may be old, too
  if a.cases == a.was_cases and a.held_primary == a.was_held_primary and a.held_interruptible == a.was_held_interruptible then
    return false
  end
  local found = list.array(ready)
  for i = 1, #found do
    if config.queue(tx.settings, classes.parse(found[i]).queue).choice ~= 'longest_idle' then return true end
  end
  return false
end

-- Has anything changed on which it depends for which classes the agent is there?
local function may_attend_otherwise(a)
  return a.status ~= a.was_status or a.presence ~= a.was_presence or a.channels ~= a.was_channels
    or a.next_status ~= a.was_next_status or a.classes ~= a.was_classes or a.is_counted_afresh
end

-- Counts the agent among those who are there for exactly the classes whose work it would get if it had room.
local function attend(a)
  local there = {}
  a.is_counted_afresh = true -- what this very script counted may be old, too
  if not eligible.absent(a) then
    for _, class in ipairs(list.array(a.classes)) do
      local channel = classes.parse(class).channel
      if eligible.is_reachable(a, channel) and eligible.accepts(a, channel) then there[#there + 1] = class end
    end
  end
  local now = table.concat(there, ',')
  if now == a.attending then return end
  for _, class in ipairs(list.beyond(a.attending, now)) do causes.attend(class, -1) end
  for _, class in ipairs(list.beyond(now, a.attending)) do causes.attend(class, 1) end
  a.attending = now
  record.touch_apart(a)
end

-- While it may be that cases wait in a class although somebody is ready for it: who is ready no more may have been the last.
local function look(class)
  if tx.takeable > 0 or tx.unsettled > 0 then causes.look(classes.parse(class).queue, class) end
end

-- Writes the agent into `ready:<class>` of exactly the classes that fit, by its turn in each. Who has just worked them out says so (`fitting`).
function turns.publish(a, fitting)
  if may_attend_otherwise(a) then attend(a) end
  local ready = fitting or turns.fitting(a) or ''
  if ready == a.ready and (ready == '' or not has_new_turns(a, ready)) then return end
  local left, entered = list.beyond(a.ready, ready), list.array(ready)
  for i = 1, #left do
    call('ZREM', keys.ready(left[i]), a.id)
    look(left[i])
  end
  for i = 1, #entered do
    call('ZADD', keys.ready(entered[i]), turn(a, entered[i]), a.id)
    look(entered[i])
  end
  a.ready, a.is_changed = ready, true
  record.touch(a)
end

-- Takes the agent out of what it is no longer ready for, and into nothing yet: it is first asked for the best case in line.
function turns.retract(a)
  if a.ready ~= '' then turns.publish(a, turns.fitting(a, a.ready)) end
end

return turns
