-- uses: keys, limits, list, skills, record, tx, case, windows, day
-- An agent: its record, what it holds, its presence.
local agent = {}
local HELD_LIMIT = 500 -- cases of one agent that a script tells
local CAPACITY, INTERRUPTIBLE_CAPACITY = 10, 3 -- of a new agent, until somebody says otherwise
-- What a change of hands may change.
local LAYOUT = record.layout({ 'status', 'channels', 'presence', 'idle_at', 'capacity', 'interruptible_capacity',
  'held_primary', 'held_interruptible', 'offers', 'missed', 'cooling', 'cases',
  'auto_accept', 'next_status', 'waking',
  'channel_cases',
  'reserved_case', -- for which it is kept free
  'ringing', -- the cases of its offers, oldest first: found however many it owns
  'ready', -- the classes in whose `ready` it stands
  'status_cause', 'status_at', 'presence_at',
  'label', 'label_before', 'channels_before', 'next_channels', 'next_cause',
  'flag_at', 'flag_case', 'flag_text',
  'day' }, -- what it has done in the running quarter hour
  { capacity = true, interruptible_capacity = true, held_primary = true, held_interruptible = true, offers = true, missed = true,
    cooling = true, cases = true, waking = true },
  { 'key', 'layout', 'text', 'id', 'apart', 'was_status', 'was_next_status', 'was_presence', 'was_channels', 'was_classes', 'was_idle_at', 'was_cases',
    'was_held_primary', 'was_held_interruptible',
    'name', 'team', 'queues', 'joined', 'skills', 'levels', 'tiers', 'limits', 'named', 'classes', 'attending', 'ring_factor' },
  { 'is_freed', 'is_changed', 'is_counted_afresh' })
-- Who it is, and lists of what it belongs to, some by class.
local PROFILE = record.layout({ 'name', 'team', 'queues', 'joined', 'skills', 'levels', 'tiers', 'limits', 'named',
  'classes',
  'attending', -- the classes for which it counts as being there
  'ring_factor' }, {}) -- how many times as long as at others an offer rings at it; empty: once

-- Units and counts are numbers; instants, flags and lists stay strings.
local function read(id, text, apart)
  local a = record.read(LAYOUT, text)
  record.read_into(a, PROFILE, apart)
  a.id = id
  return a
end

-- The agent as stored, to be read alone.
function agent.glance(id)
  local text = call('GET', keys.agent(id))
  return text and read(id, text, call('GET', keys.profile(id)))
end

-- What seldom changes of an agent, to be read alone.
function agent.profile(id)
  local text = call('GET', keys.profile(id))
  return text and record.read(PROFILE, text)
end

function agent.load(id)
  local key = keys.agent(id)
  local a = record.find(key)
  if a then return a end
  local text = call('GET', key)
  if not text then return nil end
  local apart = call('GET', keys.profile(id))
  a = record.keep(read(id, text, apart), key, LAYOUT, text)
  record.set_apart(a, keys.profile(id), PROFILE, apart)
  -- What `turns` compares them with.
  a.was_status, a.was_next_status, a.was_presence, a.was_channels, a.was_classes = a.status, a.next_status, a.presence, a.channels, a.classes
  a.was_idle_at, a.was_cases, a.was_held_primary, a.was_held_interruptible = a.idle_at, a.cases, a.held_primary, a.held_interruptible
  return a
end

function agent.create(id)
  local a = record.keep({ id = id, status = 'offline', status_cause = 'created', status_at = tx.now_text, channels = '*',
    presence = 'gone', presence_at = '0', capacity = CAPACITY, interruptible_capacity = INTERRUPTIBLE_CAPACITY, held_primary = 0,
    held_interruptible = 0, offers = 0, missed = 0, cases = 0, waking = 0, idle_at = tx.now_text, auto_accept = '0',
    cooling = tonumber(call('GET', keys.former(id)) or 0), -- what a former one has left
    label = 'offline', label_before = 'offline', channels_before = '*', next_status = '', next_channels = '*', next_cause = '',
    channel_cases = '', reserved_case = '', ringing = '', flag_at = '', flag_case = '', flag_text = '', day = '',
    name = id, team = '', queues = '', joined = '', skills = '', levels = skills.NONE, tiers = '', limits = '', named = '', classes = '',
    ready = '', attending = '', ring_factor = '', is_counted_afresh = true }, keys.agent(id), LAYOUT)
  record.set_apart(a, keys.profile(id), PROFILE)
  record.touch_apart(a)
  return a
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

-- Nor is it the agent's own any more, if it was: it ended in its hands (`handled`), or goes elsewhere (`handed_on`).
function agent.release(a, c, what)
  agent.unload(a, c)
  if c.state ~= 'offered' then day.count_case(a, c, what) end
end

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

-- How long an offer of the channel rings at the agent.
function agent.ring_ms(a, channel)
  return a.ring_factor == '' and channel.ring_ms or channel.ring_ms * a.ring_factor
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
