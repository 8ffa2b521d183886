-- Nothing new comes into the queue from now on; what is there is served, and `queue_empty` tells when nothing waits there any more.
-- args: queue
-- errors: UNKNOWN_QUEUE OUT_OF_SCOPE
-- events: queue_draining
return function(args)
  local q, refusal = guard.seen_queue(args.queue)
  if refusal then return refusal end
  if gate.state(q.id).draining ~= '' then return tx.unchanged(gate.json(q)) end
  flow.record('queue_draining', q.id, tx.actor, { draining = '1' })
  call('HINCRBY', keys.meta, 'draining', 1)
  tx.left[q.id] = true
  match.settle()
  return tx.commit(gate.json(q))
end
