-- The agent takes what it was offered; its work clock starts. It wins until `offer_expired` has happened, whatever the clock says.
-- args: case baton
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_accepted case_offered case_relaxed alert_raised case_assigned
-- events: note_added automation_triggered owner_notified effect_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { offered = true })
  if refusal then return refusal end
  moves.own('case_accepted', c, agent.load(c.agent), tx.actor)
  match.settle()
  return tx.commit(case.brief(c))
end
