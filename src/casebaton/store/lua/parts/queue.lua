-- uses: keys, config, tx
-- Queues and channels as configured, and the classes of work that a queue has seen.
local queue = {}
local CLASSES_PER_QUEUE = 256

function queue.load(id) return config.queue(tx.settings, id) end

-- The queue, if anything new may enter it.
function queue.open(id)
  local q = queue.load(id)
  return q and not q.is_retired and q or nil
end

function queue.channel(id) return config.channel(tx.settings, id) end

function queue.unknown(id) return tx.refuse('UNKNOWN_QUEUE', 'there is no queue ' .. id) end

function queue.class_state(id, class)
  local state = tx.class_states[class]
  if state == nil then
    state = call('HGET', keys.classes(id), class)
    tx.class_states[class] = state
  end
  return state
end

function queue.set_class_state(id, class, state)
  local key = keys.classes(id)
  local before = call('HGET', key, class)
  call('HSET', key, class, state)
  tx.class_states[class], tx.looked[class] = state, id
  local was_unsettled = before and before ~= 'open' and before ~= 'off'
  local is_unsettled = state ~= 'open' and state ~= 'off'
  local change = (is_unsettled and 1 or 0) - (was_unsettled and 1 or 0)
  if change ~= 0 then tx.unsettled = call('HINCRBY', keys.meta, 'unsettled', change) end
end

-- A refusal when the queue may not have one more class, else nil: to be asked before the first write.
function queue.full(id, class)
  if not queue.class_state(id, class) and call('HLEN', keys.classes(id)) >= CLASSES_PER_QUEUE then
    return tx.refuse('TOO_MANY_CLASSES', 'queue ' .. id .. ' already has ' .. CLASSES_PER_QUEUE
      .. ' kinds of work (channel, cost and skills): use fewer different costs or skill combinations')
  end
end

return queue
