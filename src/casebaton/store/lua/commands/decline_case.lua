-- The agent refuses an offer: the case goes on, the pair cools down, the agent's idle time restarts.
-- args: case baton reason
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_declined case_offered alert_raised case_resumed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { offered = true })
  if refusal then return refusal end
  local a = agent.load(c.agent)
  agent.restart_idle(a)
  moves.requeue('case_declined', c, tx.actor, ',"reason":"' .. args.reason .. '"')
  moves.cool(c, a, queue.channel(c.channel).cooldown_ms)
  match.settle()
  alert.all_declined(c)
  return tx.commit(case.brief(c))
end
