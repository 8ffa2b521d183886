-- The agent refuses an offer: the case goes on, the pair cools down, the agent's idle time restarts. The channel may name a status for it.
-- What a colleague wanted to hand over stays with the colleague.
-- args: case baton reason
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_declined alert_raised agent_status_changed offer_revoked transfer_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.ringing_case(args.case, args.baton)
  if refusal then return refusal end
  local a, channel = agent.load(tx.subject), queue.channel(c.channel)
  agent.restart_idle(a)
  day.count(a, 'declined')
  if c.target ~= '' then
    transfers.fail(c, tx.actor, 'declined', ',"decline_reason":"' .. args.reason .. '"')
  else
    moves.requeue('case_declined', c, tx.actor, ',"reason":"' .. args.reason .. '"')
    moves.cool(c, a, channel.cooldown_ms)
  end
  if channel.on_decline_status ~= '' then
    local s = statuses.find(channel.on_decline_status)
    leaving.change_status(a, s, s.channels, 'on_decline', 'engine:status')
  end
  match.settle()
  alert.all_declined(c)
  return tx.commit(describe.brief(c))
end
