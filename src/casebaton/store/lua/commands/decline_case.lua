-- The agent refuses an offer: the case goes on, the pair cools down, the agent's idle time restarts. The channel may name a status for it.
-- args: case baton reason
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_declined case_offered alert_raised case_relaxed case_assigned agent_status_changed offer_revoked
-- events: note_added automation_triggered owner_notified effect_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { offered = true })
  if refusal then return refusal end
  local a = agent.load(c.agent)
  agent.restart_idle(a)
  moves.requeue('case_declined', c, tx.actor, ',"reason":"' .. args.reason .. '"')
  local channel = queue.channel(c.channel)
  moves.cool(c, a, channel.cooldown_ms)
  if channel.on_decline_status ~= '' then
    local s = statuses.find(channel.on_decline_status)
    leaving.change_status(a, s, s.channels, 'on_decline', 'engine:status')
  end
  match.settle()
  alert.all_declined(c)
  return tx.commit(case.brief(c))
end
