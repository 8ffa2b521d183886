-- Ends a pause, and a drain: the queue takes cases in again, and slices of `advance` work off what waits.
-- args: queue
-- errors: UNKNOWN_QUEUE OUT_OF_SCOPE
-- events: queue_resumed
return function(args)
  local q, refusal = guard.seen_queue(args.queue)
  if refusal then return refusal end
  local s = gate.state(q.id)
  if s.paused == '' and s.draining == '' then return tx.unchanged(gate.json(q)) end
  if s.draining ~= '' then call('HINCRBY', keys.meta, 'draining', -1) end
  flow.record('queue_resumed', q.id, tx.actor, { paused = '', draining = '' })
  match.settle()
  return tx.commit(gate.json(q))
end
