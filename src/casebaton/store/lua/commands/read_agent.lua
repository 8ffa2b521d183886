-- One agent with what it holds: the snapshot a connection starts from, without connecting.
-- args: agent
-- errors: UNKNOWN_AGENT OUT_OF_SCOPE
-- flags: no-writes
return function(args)
  local a, refusal = guard.seen_agent(args.agent)
  if refusal then return refusal end
  return tx.unchanged(session.snapshot(a))
end
