-- The agent's own choice. Leaving online takes open offers back without counting them.
-- args: status channels
-- errors: UNKNOWN_AGENT UNKNOWN_STATUS STATUS_NOT_ALLOWED
-- events: agent_status_changed offer_revoked case_offered case_assigned
-- flags: allow-oom
return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  local s, refusal = statuses.chosen(a, args.status)
  if refusal then return refusal end
  local channels = statuses.accepted(s, args.channels)
  if a.label == s.id and a.channels == channels then return tx.unchanged('{' .. agent.members(a) .. '}') end
  statuses.set(a, s, channels, 'agent', tx.actor)
  moves.revoke_offers(a, tx.actor, 'agent_' .. s.kind, function(c)
    return s.kind ~= 'online' or not agent.accepts(a, c.channel)
  end)
  match.free(a)
  match.settle()
  return tx.commit('{' .. agent.members(a) .. '}')
end
