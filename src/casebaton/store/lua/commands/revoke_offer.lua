-- A supervisor takes an open offer back; the agent is not offered this case again for the cool-down.
-- args: case baton reason
-- errors: CASE_NOT_FOUND STALE_BATON WRONG_STATE OUT_OF_SCOPE
-- events: offer_revoked
-- flags: allow-oom
return function(args)
  local c, refusal = guard.case(args.case, args.baton, { offered = true })
  if refusal then return refusal end
  local a = agent.load(c.agent)
  moves.revoke(c, tx.actor, args.reason)
  moves.cool(c, a, queue.channel(c.channel).cooldown_ms)
  match.settle()
  return tx.commit(describe.brief(c))
end
