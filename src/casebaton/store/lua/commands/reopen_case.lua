-- A closed case waits again, for so long after its end as the workspace allows: in its queue, if that takes anything new, or where that
-- overflows to. With `preferred_ms` it waits that long for its last owner.
-- args: case baton preferred_ms
-- errors: CASE_NOT_FOUND STALE_BATON WRONG_STATE REOPEN_TOO_LATE UNKNOWN_QUEUE OUT_OF_SCOPE QUEUE_DRAINING QUEUE_FULL QUEUE_CLOSED
-- errors: WINDOW_TAKEN
-- events: case_reopened
return function(args)
  local c, refusal = guard.case(args.case, args.baton, { closed = true })
  if refusal then return refusal end
  if tx.now - c.state_at >= tx.settings.reopen_ms then
    return tx.refuse('REOPEN_TOO_LATE', 'the case was closed too long ago: submit a new one with linked_case ' .. c.id, describe.brief(c))
  end
  local q = queue.open(c.queue)
  if not q then return queue.unknown(c.queue) end
  q, refusal = gate.entry(q, describe.brief(c))
  if refusal then return refusal end
  local preferred_ms = args.preferred_ms ~= '' and agent.load(c.agent) and tonumber(args.preferred_ms) or nil
  refusal = preferred_ms and windows.taken(c, c.agent, c.window, describe.brief(c))
  if refusal then return refusal end
  moves.reopen(c, q.id, tx.actor, preferred_ms)
  match.settle()
  return tx.commit(describe.brief(c))
end
