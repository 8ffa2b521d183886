-- Nothing of the queue's is offered or taken from now on; what rings goes on ringing, and what comes in waits.
-- args: queue reason
-- errors: UNKNOWN_QUEUE
-- events: queue_paused
return function(args)
  local q = queue.load(args.queue)
  if not q then return queue.unknown(args.queue) end
  if gate.state(q.id).paused ~= '' then return tx.unchanged(gate.json(q)) end
  local extra = args.reason ~= '' and ',"reason":"' .. args.reason .. '"' or ''
  flow.record('queue_paused', q.id, tx.actor, { paused = '1' }, extra)
  match.settle()
  return tx.commit(gate.json(q))
end
