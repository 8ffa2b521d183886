-- An agent's connection ends. The last one starts grace. Sent twice, the second changes nothing.
-- args: connection node
-- events: agent_presence_changed
-- flags: allow-oom
return function(args)
  if not presence.leave(tx.subject, args.connection, args.node) then return tx.unchanged('{}') end
  match.settle()
  return tx.commit('{}')
end
