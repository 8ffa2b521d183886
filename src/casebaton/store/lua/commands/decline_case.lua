-- The agent refuses an offer: the case goes on, the pair cools down, the agent's idle time restarts. A colleague's case stays there.
-- args: case baton reason
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_declined case_offered alert_raised case_resumed transfer_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.ringing_case(args.case, args.baton)
  if refusal then return refusal end
  local a = agent.load(tx.subject)
  agent.restart_idle(a)
  if c.target ~= '' then
    transfers.fail(c, tx.actor, 'declined', ',"decline_reason":"' .. args.reason .. '"')
  else
    moves.requeue('case_declined', c, tx.actor, ',"reason":"' .. args.reason .. '"')
    moves.cool(c, a, queue.channel(c.channel).cooldown_ms)
  end
  match.settle()
  alert.all_declined(c)
  return tx.commit(case.brief(c))
end
