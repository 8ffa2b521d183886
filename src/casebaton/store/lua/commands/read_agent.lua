-- One agent with what it holds: the snapshot a connection starts from, without connecting.
-- args: agent
-- errors: UNKNOWN_AGENT
-- flags: no-writes
return function(args)
  local a = agent.load(args.agent)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. args.agent) end
  return tx.unchanged(session.snapshot(a))
end
