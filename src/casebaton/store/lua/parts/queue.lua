-- uses: keys, config, tx
-- Queues and channels as configured, and the classes of work that a queue has seen.
local queue = {}
local SETTLED = { open = true, idle = true, off = true }

function queue.load(id) return tx.settings.queues[id] or config.queue(tx.settings, id) end

-- The queue, if anything new may enter it.
function queue.open(id)
  local q = queue.load(id)
  return q and not q.is_retired and q or nil
end

function queue.channel(id) return tx.settings.channels[id] or config.channel(tx.settings, id) end

function queue.unknown_channel(id) return tx.refuse('UNKNOWN_CHANNEL', 'there is no channel ' .. id) end

function queue.unknown(id) return tx.refuse('UNKNOWN_QUEUE', 'there is no queue ' .. id) end

function queue.class_state(id, class)
  local state = tx.class_states[class]
  if state == nil then
    state = call('HGET', keys.classes(id), class)
    tx.class_states[class] = state
  end
  return state
end

local function count_unsettled(before, state)
  local change = (state and not SETTLED[state] and 1 or 0) - (before and not SETTLED[before] and 1 or 0)
  if change ~= 0 then tx.unsettled = call('HINCRBY', keys.meta, 'unsettled', change) end
end

function queue.set_class_state(id, class, state)
  local key = keys.classes(id)
  local before = call('HGET', key, class)
  call('HSET', key, class, state)
  tx.class_states[class], tx.looked[class] = state, id
  count_unsettled(before, state)
end

function queue.forget_class(id, class)
  count_unsettled(call('HGET', keys.classes(id), class), nil)
  call('HDEL', keys.classes(id), class)
  tx.class_states[class] = false
end

return queue
