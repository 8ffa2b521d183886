-- The owner hands the case back to its queue; for a while it is not offered to the same agent again.
-- args: case baton reason place
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_returned case_offered case_relaxed alert_raised
-- events: note_added automation_triggered owner_notified effect_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { active = true, parked = true, wrapping = true })
  if refusal then return refusal end
  local a = agent.load(c.agent)
  if args.place ~= 'keep' then c.score = order[args.place](c) end
  agent.restart_idle(a)
  moves.requeue('case_returned', c, tx.actor, ',"reason":"' .. args.reason .. '","place":"' .. args.place .. '"')
  moves.cool(c, a, queue.load(c.queue).exclusion_ms)
  match.settle()
  return tx.commit(case.brief(c))
end
