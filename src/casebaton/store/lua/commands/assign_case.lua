-- A supervisor gives the case to an agent, wherever it is and whether or not the agent is there. Above capacity, or at a time at which the
-- agent has another case, only when said so.
-- args: case baton agent over_capacity reason
-- errors: CASE_NOT_FOUND STALE_BATON WRONG_STATE UNKNOWN_AGENT SAME_AGENT NO_ROOM WINDOW_TAKEN OUT_OF_SCOPE
-- events: case_assigned transfer_failed
return function(args)
  local c, refusal = guard.steered_case(args.case, args.baton)
  if refusal then return refusal end
  local a
  a, refusal = guard.seen_agent(args.agent)
  if refusal then return refusal end
  if c.owner == 'agent:' .. a.id then return tx.refuse('SAME_AGENT', a.id .. ' owns the case already', describe.brief(c)) end
  -- What rings at the agent holds its units already.
  local rings = c.target == a.id
  refusal = c.agent ~= a.id and room.refusal(a, c, rings and 0 or c.cost, rings)
  local other = windows.in_the_way(c, a.id, c.window)
  if args.over_capacity == '' and (refusal or other) then return refusal or windows.taken(c, a.id, c.window, describe.brief(c)) end
  moves.assign(c, a, tx.actor, (args.reason ~= '' and ',"reason":"' .. args.reason .. '"' or '')
    .. (refusal and ',"over_capacity":true' or '') .. (other and ',"overlaps":"' .. other .. '"' or ''))
  match.settle()
  return tx.commit(describe.brief(c))
end
