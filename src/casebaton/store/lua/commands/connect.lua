-- An agent's connection begins; the answer is its snapshot. Sent twice, the second changes nothing.
-- args: connection node lease_ms limit
-- errors: UNKNOWN_AGENT TOO_MANY_CONNECTIONS
-- events: agent_presence_changed case_offered case_relaxed alert_raised case_assigned case_resumed
return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  local key = keys.connections(a.id)
  if call('SISMEMBER', key, args.connection) == 0 and call('SCARD', key) >= tonumber(args.limit) then
    return tx.refuse('TOO_MANY_CONNECTIONS', a.id .. ' has ' .. args.limit .. ' connections already')
  end
  presence.arrive(a, args.connection, args.node)
  presence.take_lease(args.node, tonumber(args.lease_ms))
  match.settle()
  return tx.commit(session.snapshot(a))
end
