-- uses: agent, backlog, birth, clock, collection, hours, match, named, reserving, sorting, timers, tx, versions, firing
-- What is due for a queue or its classes, and for the configuration: mostly slices of what one script cannot do.
local firing_queues = {}

-- A queue changed its mode: who has cases waiting there for itself alone is asked afresh.
function firing.single.attend(queue_id, after)
  local ids, next_after = named.slice(queue_id, after)
  for _, id in ipairs(ids) do match.free(agent.load(id)) end
  if next_after then timers.set('attend', queue_id, next_after, tx.now) end
end

-- A queue has stopped, or was configured otherwise: is anybody still to be kept for its cases?
function firing.single.review(queue_id, after)
  local next_after = reserving.review(queue_id, after)
  if next_after then timers.set('review', queue_id, next_after, tx.now) end
end

-- Its cases wait for another time until an agent is kept free.
function firing.single.patience(queue_id, after)
  local next_after = reserving.time_anew(queue_id, after)
  if next_after then timers.set('patience', queue_id, next_after, tx.now) end
end

function firing.single.hours(queue_id) hours.sync(queue_id) end

-- A queue has opened: what was due meanwhile.
function firing.single.clock(queue_id)
  if clock.release(queue_id) then timers.set('clock', queue_id, '0', tx.now) end
end

-- Its line gets another order.
function firing.single.sort(queue_id) sorting.go_on(queue_id) end

-- Has a queue classes that nobody needs any more?
function firing.single.collect(queue_id) collection.look(queue_id) end

-- A version of the configuration was replaced.
function firing.single.sweep()
  if versions.sweep(tx.settings.version) then timers.set('sweep', 'config', '0', tx.now) end
end

function firing.bulk.build(class) birth.build(string.match(class, '^[^/]+'), class) end

function firing.bulk.retire(class) collection.retire(string.match(class, '^[^/]+'), class) end

function firing.bulk.drain(class) backlog.drain(string.match(class, '^[^/]+'), class) end

return firing_queues
