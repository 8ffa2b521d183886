-- The agent's own choice. Leaving online takes open offers back without counting them.
-- args: status channels
-- errors: UNKNOWN_AGENT
-- events: agent_status_changed offer_revoked case_offered case_resumed transfer_failed
-- flags: allow-oom
return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  if a.status == args.status and a.channels == args.channels then return tx.unchanged('{' .. agent.members(a) .. '}') end
  a.channels = args.channels
  if args.status == 'online' then a.missed = 0 end
  agent.set_status(a, args.status, 'agent', tx.actor)
  moves.revoke_offers(a, tx.actor, 'agent_' .. args.status, function(c)
    return args.status ~= 'online' or not agent.accepts(a, c.channel)
  end)
  match.free(a)
  match.settle()
  return tx.commit('{' .. agent.members(a) .. '}')
end
