-- uses: classes, config, eligible, keys, list, record, tx
-- For which classes an agent is ready now, and its turn in each.
local turns = {}
local IDLE_RANGE = 2 ^ 39 -- milliseconds since the epoch below what ranks above them: 4 bits of tier, 10 of load
local IDLE_AT, HELD_PRIMARY, HELD_INTERRUPTIBLE, CASES = 6, 9, 10, 14 -- in `agent`'s fields

-- Units free for a pool, and the limit that they count against.
local function free_units(a, pool)
  local free = a.capacity - a.held_primary
  if pool == 'primary' then return free, a.capacity end
  return math.min(free, a.interruptible_capacity) - a.held_interruptible, a.interruptible_capacity
end

local function ready_classes(a, among)
  if not eligible.is_available(a) then return '' end
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
    local free, limit = free_units(a, pool)
    return limit == 0 and MOST or math.max(0, math.min(MOST, math.floor((limit - free) * MOST / limit)))
  end,
  most_available = function(a, pool) return MOST - math.max(0, math.min(MOST, (free_units(a, pool)))) end,
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
  local was = a.loaded
  if a.idle_at ~= was[IDLE_AT] or rawget(a, 'is_changed') then return true end -- what this very script wrote may be old, too
  if a.cases == was[CASES] and a.held_primary == was[HELD_PRIMARY] and a.held_interruptible == was[HELD_INTERRUPTIBLE] then
    return false
  end
  for _, class in ipairs(list.array(ready)) do
    if config.queue(tx.settings, classes.parse(class).queue).choice ~= 'longest_idle' then return true end
  end
  return false
end

-- Writes the agent into `ready:<class>` of exactly the classes it could take a case of now, by its turn in each.
-- `among` narrows them down.
function turns.publish(a, among)
  local ready = ready_classes(a, among or a.classes)
  if ready == a.ready and (ready == '' or not has_new_turns(a, ready)) then return end
  for _, class in ipairs(list.array(a.ready)) do
    if ready == '' or not list.has(ready, class) then call('ZREM', keys.ready(class), a.id) end
  end
  for _, class in ipairs(list.array(ready)) do call('ZADD', keys.ready(class), turn(a, class), a.id) end
  a.ready, a.is_changed = ready, true
  record.touch(a)
end

-- Takes the agent out of what it is no longer ready for, and into nothing yet: it is first asked for the best case in line.
function turns.retract(a)
  if a.ready ~= '' then turns.publish(a, a.ready) end
end

return turns
