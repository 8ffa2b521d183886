-- uses: keys, limits, list, skills, record, tx, case, windows
-- An agent: its record, what it holds, its presence.
local agent = {}
local HELD_LIMIT = 500 -- cases of one agent that a script tells
local CAPACITY, INTERRUPTIBLE_CAPACITY = 10, 3 -- of a new agent, until somebody says otherwise
-- `turns` compares some of them by their places here.
local FIELDS = { 'status', 'channels', 'presence', 'classes', 'ready', 'idle_at', 'capacity', 'interruptible_capacity',
  'held_primary', 'held_interruptible', 'offers', 'missed', 'cooling', 'cases', 'named',
  'auto_accept', 'next_status',
  'waking', 'tiers',
  'limits', 'channel_cases',
  'reserved_case', -- for which it is kept free
  'ringing' } -- the cases of its offers, oldest first: found however many it owns
local DETAILS = { 'status_cause', 'status_at', 'presence_at', 'queues', 'name', 'team', 'skills', 'levels',
  'label', 'label_before', 'channels_before', 'next_channels', 'joined',
  'next_cause', 'flag_at', 'flag_case', 'flag_text',
  'attending' } -- the classes for which it counts as being there

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
    waking = v[18], tiers = v[19],
    limits = v[20] or '', channel_cases = v[21] or '',
    reserved_case = v[22] or '',
    ringing = v[23] or '' })
end

-- What `eligible` asks about, to be read alone: half of what a record costs, where thousands are looked at.
local GLANCED = { 'status', 'next_status', 'presence', 'channels', 'offers', 'waking', 'reserved_case', 'capacity', 'interruptible_capacity',
  'held_primary', 'held_interruptible', 'tiers', 'levels', 'limits', 'channel_cases' }
local NOTHING_ELSE = { __index = function(_, field) error('a glance does not show ' .. field) end }

function agent.glance(id)
  local v = call('HMGET', keys.agent(id), unpack(GLANCED))
  return setmetatable({ id = id, status = v[1], next_status = v[2], presence = v[3], channels = v[4], offers = tonumber(v[5]),
    waking = tonumber(v[6]), reserved_case = v[7] or '', capacity = tonumber(v[8]), interruptible_capacity = tonumber(v[9]),
    held_primary = tonumber(v[10]), held_interruptible = tonumber(v[11]), tiers = v[12], levels = v[13], limits = v[14] or '',
    channel_cases = v[15] or '' }, NOTHING_ELSE)
end

function agent.create(id)
  local cooling = tonumber(call('HGET', keys.agent(id), 'cooling') or 0) -- what a former one has left
  return record.keep({ id = id, key = keys.agent(id), fields = FIELDS, details = DETAILS, loaded = {}, name = id, team = '',
    status = 'offline', status_cause = 'created', status_at = tx.now_text, channels = '*', presence = 'gone', presence_at = '0', capacity = CAPACITY,
    interruptible_capacity = INTERRUPTIBLE_CAPACITY, held_primary = 0, held_interruptible = 0, offers = 0, missed = 0, cooling = cooling,
    idle_at = tx.now_text, queues = '', classes = '', ready = '', cases = 0, named = '', skills = '', tiers = '', levels = skills.NONE,
    label = 'offline', label_before = 'offline', channels_before = '*',
    auto_accept = '0', next_status = '', next_channels = '*',
    waking = 0, joined = '',
    limits = '', channel_cases = '',
    reserved_case = '',
    ringing = '',
    next_cause = '', flag_at = '', flag_case = '', flag_text = '',
    attending = '' })
end

-- `queues` are the listed ones, `joined` those that the agent's skills alone make it a member of.
function agent.memberships(a)
  if a.joined == '' then return a.queues end
  return a.queues == '' and a.joined or a.queues .. ',' .. a.joined
end

function agent.is_member(a, queue) return list.has(a.queues, queue) or list.has(a.joined, queue) end

local function change_offers(a, c, sign)
  a.offers = a.offers + sign
  a.ringing = sign == 1 and list.with(a.ringing, c.id) or list.without(a.ringing, c.id)
end

local function change_load(a, c, sign)
  local field = c.pool == 'primary' and 'held_primary' or 'held_interruptible'
  a[field] = a[field] + sign * case.units(c)
  if c.state == 'offered' then change_offers(a, c, sign) end
  if c.state == 'parked' and c.wake_pending == '1' then a.waking = a.waking + sign end
  if limits.counts(c) then limits.shift(a, c.channel, sign) end
  a.cases = a.cases + sign
  windows.hold(c, a.id, sign)
  record.touch(a)
end

-- The case in its present state counts as the agent's from now on, or no longer. The caller moves the keys.
function agent.load_with(a, c) change_load(a, c, 1) end

function agent.unload(a, c) change_load(a, c, -1) end

-- A transfer rings at its target (`sign` 1), or no longer (-1): an offer like any other, that holds units like any other.
function agent.ring(a, c, sign)
  local field = c.pool == 'primary' and 'held_primary' or 'held_interruptible'
  a[field] = a[field] + sign * c.cost
  change_offers(a, c, sign)
  limits.shift(a, c.channel, sign)
  a.cases = a.cases + sign
  windows.hold(c, a.id, sign)
  record.touch(a)
end

-- Work ended, or an offer was declined or missed: the agent goes to the end of the idle line.
function agent.restart_idle(a) a.idle_at = tx.now_text end

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

-- The cases that ring at the agent, newest first: its offers, and what colleagues want to hand over.
function agent.ringing_cases(a)
  local cases = {}
  for id in list.items(a.ringing) do table.insert(cases, 1, case.load(id)) end
  return cases
end

-- Has the agent more in hand than `held_cases` tells?
function agent.holds_more(a) return a.cases > HELD_LIMIT end

-- The agent's cases in hand, newest first; bounded, so that a script and a snapshot stay small.
function agent.held_cases(a)
  local cases = {}
  for _, id in ipairs(call('ZRANGE', keys.held(a.id), 0, HELD_LIMIT - 1, 'REV')) do cases[#cases + 1] = case.load(id) end
  return cases
end

return agent
