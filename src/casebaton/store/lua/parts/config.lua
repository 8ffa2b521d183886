-- uses: keys
-- The configuration in force, read once per version and kept in the library's memory. It is only a cache: a tag is minted anew with
-- every change, so a stale entry is never asked for again.
local config = {}
local REMEMBERED = 256 -- workspaces and versions; beyond that everything is forgotten and read afresh
local known, count = {}, 0

-- How long a closed case is kept: it may be reopened, and answers repeated submits.
function config.closed_ms(retention_ms, reopen_ms)
  return string.format('%d', math.max(tonumber(retention_ms), tonumber(reopen_ms)))
end

-- {version, epoch, offer_limit, retention_ms, queues, channels, statuses, reopen_ms, closed_ms} of the workspace that `keys` has open.
function config.of(tag)
  local found = known[tag]
  if found then return found end
  if count >= REMEMBERED then known, count = {}, 0 end
  local meta = call('HMGET', keys.meta, 'config', 'epoch', 'offer_limit', 'retention_ms',
    'reopen_ms')
  found = { version = meta[1], epoch = tonumber(meta[2]), offer_limit = tonumber(meta[3]), retention_ms = meta[4], queues = {},
    channels = {}, plans = {}, skills = {}, statuses = {},
    reopen_ms = tonumber(meta[5]), closed_ms = config.closed_ms(meta[4], meta[5]) }
  known[tag], count = found, count + 1
  return found
end

-- The settings that a flip puts in force; not remembered, since its tag is not in force yet.
function config.staged(present, args)
  return { version = args.version, epoch = present.epoch, offer_limit = tonumber(args.offer_limit),
    retention_ms = args.retention_ms, queues = {}, channels = {}, plans = {}, skills = {}, statuses = {},
    reopen_ms = tonumber(args.reopen_ms), closed_ms = config.closed_ms(args.retention_ms, args.reopen_ms) }
end

-- {id, mode, exclusion_ms, is_retired, rank, order, credit_ms, choice, plan, skills, affinity_ms, affinity_wait_ms,
-- take_needs_skills, auto_accept, length_limit (0: none), overflow, calendar, when_closed,
-- closed_clock} or nil.
function config.queue(settings, id)
  local found = settings.queues[id]
  if found then return found end
  local row = call('HMGET', keys.queue_config(settings.version, id), 'mode', 'exclusion_ms', 'retired', 'rank', 'order',
    'credit_ms', 'choice', 'plan', 'skills', 'affinity_ms', 'affinity_wait_ms',
    'take_needs_skills', 'auto_accept',
    'target', 'length_limit', 'overflow', 'calendar', 'when_closed', 'closed_clock')
  if not row[1] then return nil end
  found = { id = id, mode = row[1], exclusion_ms = tonumber(row[2]), is_retired = row[3] ~= false,
    rank = tonumber(row[4]), order = row[5], credit_ms = tonumber(row[6]), choice = row[7], plan = row[8], skills = row[9],
    affinity_ms = tonumber(row[10]), affinity_wait_ms = tonumber(row[11]),
    take_needs_skills = row[12] == '1', auto_accept = row[13] == '1',
    target = row[14] or '',
    length_limit = tonumber(row[15]) or 0, overflow = row[16] or '',
    calendar = row[17] or '', when_closed = row[18] or 'wait', closed_clock = row[19] or 'stop' }
  settings.queues[id] = found
  return found
end

-- {pool, cost, ring_ms, cooldown_ms, miss_limit, wrap_up_ms, auto_accept, on_offline, on_lost, on_lost_after_ms,
-- on_decline_status, idle_alert_ms, stages, windows, reachable_offline} or nil.
function config.channel(settings, id)
  local found = settings.channels[id]
  if found then return found end
  local row = call('HMGET', keys.channel_config(settings.version, id), 'pool', 'cost', 'ring_ms', 'cooldown_ms', 'miss_limit',
    'wrap_up_ms',
    'auto_accept', 'on_offline', 'on_lost', 'on_lost_after_ms',
    'on_decline_status', 'idle_alert_ms',
    'wrap_up_extensions', 'parked_cost', 'wake_limit_ms',
    'target',
    'stages',
    'reserve_after_ms',
    'windows',
    'reachable_offline')
  if not row[1] then return nil end
  found = { pool = row[1], cost = row[2], ring_ms = tonumber(row[3]), cooldown_ms = tonumber(row[4]),
    miss_limit = tonumber(row[5]), wrap_up_ms = tonumber(row[6]),
    auto_accept = row[7] == '1', on_offline = row[8], on_lost = row[9], on_lost_after_ms = tonumber(row[10]),
    on_decline_status = row[11] or '',
    idle_alert_ms = tonumber(row[12] or 0),
    wrap_up_extensions = tonumber(row[13]), parked_cost = row[14], wake_limit_ms = tonumber(row[15]),
    target = row[16] or '',
    stages = row[17] == '1',
    reserve_after_ms = tonumber(row[18] or 0),
    windows = row[19] == '1',
    reachable_offline = row[20] == '1' }
  settings.channels[id] = found
  return found
end

local function parse_steps(text)
  local steps, opens_tiers = {}, false
  for after, kind, value in string.gmatch(text, '(%d+) (%S+) ([^;]*)') do
    steps[#steps + 1] = { after_ms = tonumber(after), kind = kind, value = value }
    opens_tiers = opens_tiers or kind == 'open_tier'
  end
  return steps, opens_tiers
end

-- {steps = {after_ms, kind, value}, opens_tiers, restarts = event type -> true} or nil.
function config.plan(settings, id)
  local found = settings.plans[id]
  if found then return found end
  local row = call('HMGET', keys.plan_config(settings.version, id), 'steps', 'restart_on')
  if not row[1] then return nil end
  found = { restarts = {} }
  found.steps, found.opens_tiers = parse_steps(row[1])
  for kind in string.gmatch(row[2], '[^,]+') do found.restarts[kind] = true end
  settings.plans[id] = found
  return found
end

-- {first_owner, completion, in_open_hours}, the clocks each {due_ms, warn_ms} or nil; nil when there is no such target.
function config.target(settings, id)
  settings.targets = settings.targets or {}
  local found = settings.targets[id]
  if found then return found end
  local row = call('HMGET', keys.target_config(settings.version, id), 'first_owner_ms', 'first_owner_warn_ms', 'completion_ms',
    'completion_warn_ms', 'in_open_hours')
  if not row[1] then return nil end
  local function clock(due, warn) return due ~= '' and { due_ms = tonumber(due), warn_ms = tonumber(warn) } or nil end
  found = { first_owner = clock(row[1], row[2]), completion = clock(row[3], row[4]), in_open_hours = row[5] == '1' }
  settings.targets[id] = found
  return found
end

-- What agents are told of the channels: JSON. An older version has staged none of it.
function config.summaries(settings)
  if not settings.summaries then settings.summaries = call('HGET', keys.summaries_config(settings.version), 'says') or '{}' end
  return settings.summaries
end

-- Is this one of the workspace's skills?
function config.has_skill(settings, name)
  local found = settings.skills[name]
  if found == nil then
    found = call('HEXISTS', keys.skill_config(settings.version), name) == 1
    settings.skills[name] = found
  end
  return found
end

local NO_EFFECTS = {}

-- The rules that follow an event of this type, in their order: {number, actor, queue ('': any), channel ('': any), action, text}.
function config.effects(settings, kind)
  if not settings.effects then
    settings.effects = {}
    for _, rule in ipairs(cjson.decode(call('HGET', keys.effect_config(settings.version), 'effects') or '[]')) do
      rule.number = string.format('%d', rule.number)
      rule.actor = 'rule:' .. rule.number
      for _, on in ipairs(rule.on) do
        settings.effects[on] = settings.effects[on] or {}
        table.insert(settings.effects[on], rule)
      end
    end
  end
  return settings.effects[kind] or NO_EFFECTS
end

-- The queues whose members are whoever has these skills: {queue, skills}, by queue.
function config.by_skill(settings)
  if settings.by_skill then return settings.by_skill end
  local rows, found = call('HGETALL', keys.by_skill_config(settings.version)), {}
  for i = 1, #rows, 2 do found[#found + 1] = { queue = rows[i], skills = rows[i + 1] } end
  table.sort(found, function(x, y) return x.queue < y.queue end)
  settings.by_skill = found
  return found
end

-- The skill rules: {field, value, skills}.
function config.rules(settings)
  if not settings.rules then
    settings.rules = cjson.decode(call('HGET', keys.rule_config(settings.version), 'rules') or '[]')
  end
  return settings.rules
end

-- {id, kind, channels, teams, is_retired} or nil. `teams` is a set, or nil: all.
function config.status(settings, id)
  local found = settings.statuses[id]
  if found then return found end
  local row = call('HMGET', keys.status_config(settings.version, id), 'kind', 'channels', 'teams', 'retired')
  if not row[1] then return nil end
  found = { id = id, kind = row[1], channels = row[2], is_retired = row[4] ~= false }
  if row[3] ~= '' then
    found.teams = {}
    for _, team in ipairs(cjson.decode(row[3])) do found.teams[team] = true end
  end
  settings.statuses[id] = found
  return found
end

-- All configured statuses, by id.
function config.statuses(settings)
  if settings.all_statuses then return settings.all_statuses end
  local found = {}
  for _, name in ipairs(call('SMEMBERS', keys.config_names(settings.version))) do
    local id = string.match(name, '^status:(.*)$')
    if id then found[#found + 1] = config.status(settings, id) end
  end
  table.sort(found, function(x, y) return x.id < y.id end)
  settings.all_statuses = found
  return found
end

return config
