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

-- {version, epoch, offer_limit, retention_ms, queues, channels, reopen_ms, closed_ms} of the workspace that `keys` has open.
function config.of(tag)
  local found = known[tag]
  if found then return found end
  if count >= REMEMBERED then known, count = {}, 0 end
  local meta = call('HMGET', keys.meta, 'config', 'epoch', 'offer_limit', 'retention_ms',
    'reopen_ms')
  found = { version = meta[1], epoch = tonumber(meta[2]), offer_limit = tonumber(meta[3]), retention_ms = meta[4], queues = {},
    channels = {},
    reopen_ms = tonumber(meta[5]), closed_ms = config.closed_ms(meta[4], meta[5]) }
  known[tag], count = found, count + 1
  return found
end

-- The settings that a flip puts in force; not remembered, since its tag is not in force yet.
function config.staged(present, args)
  return { version = args.version, epoch = present.epoch, offer_limit = tonumber(args.offer_limit),
    retention_ms = args.retention_ms, queues = {}, channels = {},
    reopen_ms = tonumber(args.reopen_ms), closed_ms = config.closed_ms(args.retention_ms, args.reopen_ms) }
end

-- {id, mode, exclusion_ms, is_retired} or nil.
function config.queue(settings, id)
  local found = settings.queues[id]
  if found then return found end
  local row = call('HMGET', keys.queue_config(settings.version, id), 'mode', 'exclusion_ms', 'retired')
  if not row[1] then return nil end
  found = { id = id, mode = row[1], exclusion_ms = tonumber(row[2]), is_retired = row[3] ~= false }
  settings.queues[id] = found
  return found
end

-- {pool, cost, ring_ms, cooldown_ms, miss_limit, wrap_up_ms, wrap_up_extensions, parked_cost, wake_limit_ms} or nil.
function config.channel(settings, id)
  local found = settings.channels[id]
  if found then return found end
  local row = call('HMGET', keys.channel_config(settings.version, id), 'pool', 'cost', 'ring_ms', 'cooldown_ms', 'miss_limit',
    'wrap_up_ms',
    'wrap_up_extensions',
    'parked_cost', 'wake_limit_ms')
  if not row[1] then return nil end
  found = { pool = row[1], cost = row[2], ring_ms = tonumber(row[3]), cooldown_ms = tonumber(row[4]),
    miss_limit = tonumber(row[5]), wrap_up_ms = tonumber(row[6]),
    wrap_up_extensions = tonumber(row[7]),
    parked_cost = row[8], wake_limit_ms = tonumber(row[9]) }
  settings.channels[id] = found
  return found
end

return config
