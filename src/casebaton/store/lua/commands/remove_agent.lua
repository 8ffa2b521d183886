-- An agent who holds nothing, and for whom alone nothing waits, leaves the workspace: out of its queues, its connections forgotten. A later one of the same id is new.
-- args: agent
-- errors: UNKNOWN_AGENT AGENT_NOT_EMPTY
-- events: agent_removed reservation_ended
-- flags: allow-oom
return function(args)
  local a = agent.load(args.agent)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. args.agent) end
  local held = call('ZCARD', keys.held(a.id))
  if held > 0 then return tx.refuse('AGENT_NOT_EMPTY', a.id .. ' still has ' .. held .. ' cases in hand') end
  local waiting = former.awaited(a)
  if waiting > 0 then return tx.refuse('AGENT_NOT_EMPTY', waiting .. ' cases wait for ' .. a.id .. ' alone') end
  former.remove(a, tx.actor)
  return tx.commit('{"agent":"' .. a.id .. '"}')
end
