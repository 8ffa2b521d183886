-- The agent claims a waiting case. One wins; every loser is told the owner.
-- args: case baton
-- errors: CASE_NOT_FOUND TAKEN OFFERED STALE_BATON PUSH_ONLY NOT_MEMBER REQUIRES_AGENT NO_SKILL NOT_CONNECTED NOT_AVAILABLE NO_ROOM UNKNOWN_AGENT
-- errors: QUEUE_PAUSED QUEUE_CLOSED WINDOW_TAKEN
-- events: case_taken
return function(args)
  local c = case.load(args.case)
  if not c then return guard.not_found(args.case) end
  if c.state == 'offered' then
    return tx.refuse('OFFERED', 'the case is being offered to ' .. c.agent, describe.brief(c))
  end
  if c.state ~= 'waiting' then return tx.refuse('TAKEN', 'the case is with ' .. case.owner(c), describe.brief(c)) end
  if c.baton ~= args.baton then return guard.stale(c) end
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  local refusal = takes.closed(queue.load(c.queue), describe.brief(c)) or guard.member_for(a, c)
    or not eligible.is_reachable(a, c.channel) and takes.unconnected(a, describe.brief(c)) or takes.barred(a, describe.brief(c))
    or takes.too_much(a, c) or windows.taken(c, a.id, c.window, describe.brief(c))
  if refusal then return refusal end
  moves.own('case_taken', c, a, tx.actor)
  match.settle()
  return tx.commit(describe.brief(c))
end
