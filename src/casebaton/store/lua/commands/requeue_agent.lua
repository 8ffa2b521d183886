-- Everything that the agent has in hand goes back to its queues with its age, parked or ringing, and for a while not to the same agent.
-- What one script cannot do is done by timers.
-- args: agent reason
-- errors: UNKNOWN_AGENT OUT_OF_SCOPE
-- events: case_returned offer_revoked transfer_failed
-- flags: allow-oom
return function(args)
  local a, refusal = guard.seen_agent(args.agent)
  if refusal then return refusal end
  if call('ZCARD', keys.held(a.id)) == 0 then return tx.unchanged('{' .. profile.members(a) .. '}') end
  leaving.empty_hands(a, tx.actor, args.reason)
  match.settle()
  return tx.commit('{' .. profile.members(a) .. '}')
end
