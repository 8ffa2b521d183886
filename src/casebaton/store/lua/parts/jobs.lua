-- uses: keys, tx, timers, queue
-- Work on a class that takes more than one script. A class has one job at a time: its timer has no baton, and `progress` says how far
-- it has come.
local jobs = {}

function jobs.go_on(kind, queue_id, class, from)
  call('HSET', keys.progress(queue_id), class, from)
  timers.set(kind, class, '0', tx.now)
end

function jobs.drop(kind, class) timers.drop(kind, class, '0') end

-- Whatever there was to do is not to be done.
function jobs.cancel(kind, queue_id, class)
  jobs.drop(kind, class)
  call('HDEL', keys.progress(queue_id), class)
end

function jobs.progress(queue_id, class) return call('HGET', keys.progress(queue_id), class) or '' end

-- The job is done, or there is none to do: the class is in this state from now on.
function jobs.rest(queue_id, class, state)
  call('HDEL', keys.progress(queue_id), class)
  queue.set_class_state(queue_id, class, state)
end

return jobs
