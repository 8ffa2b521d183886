-- uses: keys, list, skills, config, classes, record, tx, case, flag
-- An agent: capacity and what fills it, status, presence, and the classes it is ready for.
local agent = {}
local IDLE_RANGE = 2 ^ 39 -- milliseconds since the epoch below what ranks above them: 4 bits of tier, 10 of load
local HELD_LIMIT = 500 -- cases of one agent that a script looks at
local CAPACITY, INTERRUPTIBLE_CAPACITY = 10, 3 -- of a new agent, until somebody says otherwise
local FIELDS = { 'status', 'channels', 'presence', 'classes', 'ready', 'idle_at', 'capacity', 'interruptible_capacity',
  'held_primary', 'held_interruptible', 'offers', 'missed', 'cooling', 'cases', 'named',
  'auto_accept', 'next_status',
  'waking' }
local IDLE_AT, HELD_PRIMARY, HELD_INTERRUPTIBLE, CASES = 6, 9, 10, 14
local DETAILS = { 'status_cause', 'presence_at', 'queues', 'name', 'team', 'skills', 'tiers', 'levels',
  'label', 'label_before', 'channels_before', 'next_channels', 'joined',
  'next_cause', 'flag_at', 'flag_case', 'flag_text' }

-- Units and counts are numbers; instants, flags and lists stay strings.
function agent.load(id)
  local key = keys.agent(id)
  local a = record.find(key)
  if a then return a end
  local v = call('HMGET', key, unpack(FIELDS))
  if not v[1] then return nil end
  for i = 7, 14 do v[i] = tonumber(v[i]) end
  v[18] = tonumber(v[18])
  return record.keep({ id = id, key = key, fields = FIELDS, details = DETAILS, loaded = v, status = v[1], channels = v[2],
    presence = v[3], classes = v[4], ready = v[5], idle_at = v[6], capacity = v[7], interruptible_capacity = v[8],
    held_primary = v[9], held_interruptible = v[10], offers = v[11], missed = v[12], cooling = v[13], cases = v[14],
    named = v[15],
    auto_accept = v[16], next_status = v[17],
    waking = v[18] })
end

function agent.create(id)
  local cooling = tonumber(call('HGET', keys.agent(id), 'cooling') or 0) -- what a former one has left
  return record.keep({ id = id, key = keys.agent(id), fields = FIELDS, details = DETAILS, loaded = {}, name = id, team = '',
    status = 'offline', status_cause = 'created', channels = '*', presence = 'gone', presence_at = '0', capacity = CAPACITY,
    interruptible_capacity = INTERRUPTIBLE_CAPACITY, held_primary = 0, held_interruptible = 0, offers = 0, missed = 0, cooling = cooling,
    idle_at = tx.now_text, queues = '', classes = '', ready = '', cases = 0, named = '', skills = '', tiers = '', levels = skills.NONE,
    label = 'offline', label_before = 'offline', channels_before = '*',
    auto_accept = '0', next_status = '', next_channels = '*',
    waking = 0, joined = '',
    next_cause = '', flag_at = '', flag_case = '', flag_text = '' })
end

-- `queues` are the listed ones, `joined` those that the agent's skills alone make it a member of.
function agent.memberships(a)
  if a.joined == '' then return a.queues end
  return a.queues == '' and a.joined or a.queues .. ',' .. a.joined
end

function agent.is_member(a, queue) return list.has(a.queues, queue) or list.has(a.joined, queue) end

-- Two pools: primary work needs P + c <= C; interruptible work J + c <= I and P + J + c <= C.
function agent.has_room(a, pool, cost)
  if pool == 'primary' then return a.held_primary + cost <= a.capacity end
  return a.held_interruptible + cost <= a.interruptible_capacity
    and a.held_primary + a.held_interruptible + cost <= a.capacity
end

function agent.is_over_capacity(a, pool)
  if pool == 'primary' then return a.held_primary > a.capacity end
  return a.held_interruptible > a.interruptible_capacity or a.held_primary + a.held_interruptible > a.capacity
end

function agent.accepts(a, channel) return a.channels == '*' or list.has(a.channels, channel) end

-- Why nothing at all may be offered to the agent now, or nil. These three functions are the rule, for the match and for `why`.
function agent.unavailable(a)
  if a.status ~= 'online' then return 'status' end
  if a.next_status ~= '' then return 'next_status' end
  if a.presence ~= 'connected' then return 'presence' end
  if a.offers >= tx.settings.offer_limit then return 'open_offer' end
  if a.waking > 0 then return 'waking' end -- what has woken on the desk comes before anything new
end

-- Why the agent cannot take a case of this class, as far as channel and room go, or nil.
function agent.unfit(a, class)
  local work = classes.parse(class)
  if not agent.accepts(a, work.channel) then return 'channel' end
  if not agent.has_room(a, work.pool, work.cost) then return 'room' end
end

function agent.is_available(a) return not agent.unavailable(a) end

function agent.fits(a, class) return not agent.unfit(a, class) end

-- Has the agent every skill of a requirement at its level, by what is in force?
function agent.has_skills(a, required)
  return required == skills.NONE or skills.suffice(skills.levels(a.levels), required)
end

function agent.tier(a, queue) return a.tiers == '' and 0 or tonumber(list.value(a.tiers, queue) or 0) end

-- Why a class of one of the agent's queues is not within its tier and skills, or nil.
function agent.unqualified(a, class)
  local work = classes.parse(class)
  if work.tier and agent.tier(a, work.queue) > work.tier then return 'tier' end
  if not agent.has_skills(a, work.skills) then return 'skills' end
end

function agent.qualifies(a, class) return not agent.unqualified(a, class) end

-- Units free for a pool, and the limit that they count against.
local function free_units(a, pool)
  local free = a.capacity - a.held_primary
  if pool == 'primary' then return free, a.capacity end
  return math.min(free, a.interruptible_capacity) - a.held_interruptible, a.interruptible_capacity
end

local function change_load(a, c, sign)
  local field = c.pool == 'primary' and 'held_primary' or 'held_interruptible'
  a[field] = a[field] + sign * case.units(c)
  if c.state == 'offered' then a.offers = a.offers + sign end
  if c.state == 'parked' and c.wake_pending == '1' then a.waking = a.waking + sign end
  a.cases = a.cases + sign
  record.touch(a)
end

-- The case in its present state counts as the agent's from now on, or no longer. The caller moves the keys.
function agent.load_with(a, c) change_load(a, c, 1) end

function agent.unload(a, c) change_load(a, c, -1) end

-- A transfer rings at its target (`sign` 1), or no longer (-1): an offer like any other, that holds units like any other.
function agent.ring(a, c, sign)
  local field = c.pool == 'primary' and 'held_primary' or 'held_interruptible'
  a[field] = a[field] + sign * c.cost
  a.offers = a.offers + sign
  a.cases = a.cases + sign
  record.touch(a)
end

-- Work ended, or an offer was declined or missed: the agent goes to the end of the idle line.
function agent.restart_idle(a) a.idle_at = tx.now_text end

local function ready_classes(a, among)
  if not agent.is_available(a) then return '' end
  local classes, fitting = list.array(among), {}
  for i = 1, #classes do
    local class = classes[i]
    if (among == a.classes or list.has(a.classes, class)) and agent.fits(a, class) then fitting[#fitting + 1] = class end
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
  local rank = a.tiers == '' and 0 or agent.tier(a, work.queue) * 1024
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
function agent.publish(a, among)
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
function agent.retract(a)
  if a.ready ~= '' then agent.publish(a, a.ready) end
end

local function array(list)
  return list == '' and '[]' or '["' .. string.gsub(list, ',', '","') .. '"]'
end

-- Skills and tiers as JSON.
local function abilities(a)
  local levels, dates, tiers = {}, {}, {}
  for item in list.items(a.skills) do
    local name, level, since, till = string.match(item, '^([^=]+)=(%d+)~?(%d*)~?(%d*)$')
    levels[#levels + 1] = '"' .. name .. '":' .. level
    if since ~= '' then
      dates[#dates + 1] = '"' .. name .. '":{"since_ms":' .. since .. (till ~= '0' and ',"until_ms":' .. till or '') .. '}'
    end
  end
  for item in list.items(a.tiers) do tiers[#tiers + 1] = '"' .. string.gsub(item, '=', '":') end
  return ',"skills":{' .. table.concat(levels, ',') .. '},"skill_dates":{' .. table.concat(dates, ',') .. '},"tiers":{'
    .. table.concat(tiers, ',') .. '}'
end

-- What a change of status may change, as its event and the agent itself show it.
function agent.status_members(a)
  return '"status":"' .. a.status .. '","status_cause":"' .. a.status_cause .. '","channels":' .. array(a.channels)
    .. ',"label":"' .. a.label .. '","label_before":"' .. a.label_before .. '","channels_before":' .. array(a.channels_before)
    .. ',"next_status":"' .. a.next_status .. '"'
end

-- The agent as snapshots and pages show it; `agent_updated` leaves the load out.
function agent.members(a)
  return '"agent":"' .. a.id .. '","name":' .. cjson.encode(a.name) .. ',"team":' .. cjson.encode(a.team)
    .. ',' .. agent.status_members(a)
    .. ',"presence":"' .. a.presence .. '","capacity":' .. a.capacity
    .. ',"interruptible_capacity":' .. a.interruptible_capacity .. ',"missed":' .. a.missed .. ',"queues":' .. array(a.queues)
    .. (a.joined ~= '' and ',"queues_by_skill":' .. array(a.joined) or '') .. abilities(a)
    .. ',"auto_accept":' .. (a.auto_accept == '1' and 'true' or 'false')
end

function agent.json(a)
  return '{' .. agent.members(a) .. ',"held_primary":' .. a.held_primary .. ',"held_interruptible":' .. a.held_interruptible
    .. ',"offers":' .. a.offers .. ',"idle_at_ms":' .. a.idle_at
    .. ',"waking":' .. a.waking
    .. ',"flag":' .. flag.json(a) .. '}'
end

function agent.record(kind, a, actor, members)
  tx.append(kind, actor, 'agent:' .. a.id, ',' .. members)
  record.touch(a)
end

function agent.set_presence(a, presence, actor)
  local before = a.presence
  a.presence, a.presence_at = presence, tx.now_text
  agent.record('agent_presence_changed', a, actor, '"agent":"' .. a.id .. '","presence":"' .. presence
    .. '","presence_before":"' .. before .. '"')
end

-- The agent's cases in hand, newest first; bounded, so that a script and a snapshot stay small.
function agent.held_cases(a)
  local cases = {}
  for _, id in ipairs(call('ZRANGE', keys.held(a.id), 0, HELD_LIMIT - 1, 'REV')) do cases[#cases + 1] = case.load(id) end
  return cases
end

return agent
