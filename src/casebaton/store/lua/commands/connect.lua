-- An agent's connection begins; the answer is its snapshot, and its node has shown that it lives. Sent twice, the second changes nothing.
-- args: connection node lease_ms limit
-- errors: UNKNOWN_AGENT LEASE_LOST TOO_MANY_CONNECTIONS
-- events: agent_presence_changed
return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  if not presence.holds_lease(args.node) then return presence.lease_lost(args.node) end
  if not presence.knows(a.id, args.connection, args.node) and presence.is_full(a.id, tonumber(args.limit)) then
    return tx.refuse('TOO_MANY_CONNECTIONS', a.id .. ' has ' .. args.limit .. ' connections already')
  end
  presence.arrive(a, args.connection, args.node)
  presence.extend_lease(args.node, args.lease_ms)
  match.settle()
  return tx.commit(session.snapshot(a))
end
