-- uses: keys, list, classes, record, tx, case
-- An agent: capacity and what fills it, status, presence, and the classes it is ready for.
local agent = {}
local HELD_LIMIT = 500 -- cases of one agent that a script looks at
local FIELDS = { 'status', 'channels', 'presence', 'classes', 'ready', 'idle_at', 'capacity', 'interruptible_capacity',
  'held_primary', 'held_interruptible', 'offers', 'missed', 'cooling',
  'waking' }
local IDLE_AT = 6
local DETAILS = { 'status_cause', 'presence_at', 'queues', 'name', 'team' }

-- Units and counts are numbers; instants, flags and lists stay strings.
function agent.load(id)
  local key = keys.agent(id)
  local a = record.find(key)
  if a then return a end
  local v = call('HMGET', key, unpack(FIELDS))
  if not v[1] then return nil end
  for i = 7, 13 do v[i] = tonumber(v[i]) end
  v[14] = tonumber(v[14])
  return record.keep({ id = id, key = key, fields = FIELDS, details = DETAILS, loaded = v, status = v[1], channels = v[2],
    presence = v[3], classes = v[4], ready = v[5], idle_at = v[6], capacity = v[7], interruptible_capacity = v[8],
    held_primary = v[9], held_interruptible = v[10], offers = v[11], missed = v[12], cooling = v[13],
    waking = v[14] })
end

function agent.create(id)
  return record.keep({ id = id, key = keys.agent(id), fields = FIELDS, details = DETAILS, loaded = {}, name = id, team = '',
    status = 'offline', status_cause = 'created', channels = '*', presence = 'gone', presence_at = '0', capacity = 0,
    interruptible_capacity = 0, held_primary = 0, held_interruptible = 0, offers = 0, missed = 0, cooling = 0,
    idle_at = tx.now_text, queues = '', classes = '', ready = '',
    waking = 0 })
end

function agent.is_member(a, queue) return list.has(a.queues, queue) end

-- Two pools: primary work needs P + c <= C; interruptible work J + c <= I and P + J + c <= C.
function agent.has_room(a, pool, cost)
  if pool == 'primary' then return a.held_primary + cost <= a.capacity end
  return a.held_interruptible + cost <= a.interruptible_capacity
    and a.held_primary + a.held_interruptible + cost <= a.capacity
end

function agent.is_over_capacity(a, pool)
  if pool == 'primary' then return a.held_primary > a.capacity end
  return a.held_interruptible > a.interruptible_capacity
end

function agent.accepts(a, channel) return a.channels == '*' or list.has(a.channels, channel) end

-- May anything at all be offered now? Room and channel are asked per class. What has woken comes before anything new.
function agent.is_available(a)
  return a.status == 'online' and a.presence == 'connected' and a.offers < tx.settings.offer_limit
    and a.waking == 0
end

-- Could the agent take a case of this class, as far as channel and room go?
function agent.fits(a, class)
  local work = classes.parse(class)
  return agent.accepts(a, work.channel) and agent.has_room(a, work.pool, work.cost)
end

local function change_load(a, c, sign)
  local field = c.pool == 'primary' and 'held_primary' or 'held_interruptible'
  a[field] = a[field] + sign * case.units(c)
  if c.state == 'offered' then a.offers = a.offers + sign end
  if c.state == 'parked' and c.wake_pending == '1' then a.waking = a.waking + sign end
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

-- Writes the agent into `ready:<class>` of exactly the classes it could take a case of now, longest idle first.
-- `among` narrows them down.
function agent.publish(a, among)
  local classes = ready_classes(a, among or a.classes)
  if classes == a.ready and (classes == '' or a.idle_at == a.loaded[IDLE_AT]) then return end
  for _, class in ipairs(list.array(a.ready)) do
    if classes == '' or not list.has(classes, class) then call('ZREM', keys.ready(class), a.id) end
  end
  if classes ~= '' then
    local score = string.format('%d', a.idle_at - tx.epoch)
    for _, class in ipairs(list.array(classes)) do call('ZADD', keys.ready(class), score, a.id) end
  end
  a.ready = classes
  record.touch(a)
end

-- Takes the agent out of what it is no longer ready for, and into nothing yet: it is first asked for the best case in line.
function agent.retract(a)
  if a.ready ~= '' then agent.publish(a, a.ready) end
end

local function array(list)
  return list == '' and '[]' or '["' .. string.gsub(list, ',', '","') .. '"]'
end

-- The agent as snapshots and pages show it; `agent_updated` leaves the load out.
function agent.members(a)
  return '"agent":"' .. a.id .. '","name":' .. cjson.encode(a.name) .. ',"team":' .. cjson.encode(a.team)
    .. ',"status":"' .. a.status .. '","status_cause":"' .. a.status_cause .. '","channels":' .. array(a.channels)
    .. ',"presence":"' .. a.presence .. '","capacity":' .. a.capacity
    .. ',"interruptible_capacity":' .. a.interruptible_capacity .. ',"missed":' .. a.missed .. ',"queues":' .. array(a.queues)
end

function agent.json(a)
  return '{' .. agent.members(a) .. ',"held_primary":' .. a.held_primary .. ',"held_interruptible":' .. a.held_interruptible
    .. ',"offers":' .. a.offers .. ',"idle_at_ms":' .. a.idle_at
    .. ',"waking":' .. a.waking .. '}'
end

function agent.record(kind, a, actor, members)
  tx.append(kind, actor, 'agent:' .. a.id, ',' .. members)
  record.touch(a)
end

function agent.set_status(a, status, cause, actor)
  local before = a.status
  a.status, a.status_cause = status, cause
  agent.record('agent_status_changed', a, actor, '"agent":"' .. a.id .. '","status":"' .. status .. '","status_before":"' .. before
    .. '","status_cause":"' .. cause .. '","channels":' .. array(a.channels))
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
