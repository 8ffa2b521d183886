-- Nothing of the queue's is offered or taken from now on; what rings goes on ringing, and what comes in waits.
-- args: queue reason
-- errors: UNKNOWN_QUEUE OUT_OF_SCOPE
-- events: queue_paused
return function(args)
  local q, refusal = guard.seen_queue(args.queue)
  if refusal then return refusal end
  if gate.state(q.id).paused ~= '' then return tx.unchanged(gate.json(q)) end
  local extra = args.reason ~= '' and ',"reason":"' .. args.reason .. '"' or ''
  local pause = '{"at_ms":' .. tx.now_text .. ',"by":"' .. tx.actor .. '"' .. extra .. '}'
  flow.record('queue_paused', q.id, tx.actor, { paused = pause }, extra)
  match.settle()
  return tx.commit(gate.json(q))
end
