-- The owner hands the case back to its queue; for a while it is not offered to the same agent again.
-- args: case baton reason place
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_returned case_offered case_resumed transfer_failed
-- flags: allow-oom

-- Before the first of its own priority; never before the epoch, never behind its own age.
local function front_score(c)
  local low, high = case.score_range(c.priority)
  local first = call('ZRANGE', keys.line(c.queue), low, high, 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')[2]
  if not first then return c.score end
  local score = math.max(tonumber(low), math.min(tonumber(c.score), tonumber(first) - 1))
  return string.format('%d', score)
end

return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { active = true, parked = true, wrapping = true })
  if refusal then return refusal end
  local a = agent.load(c.agent)
  if args.place == 'back' then c.score = case.score(c.priority, tx.now) end
  if args.place == 'front' then c.score = front_score(c) end
  agent.restart_idle(a)
  moves.requeue('case_returned', c, tx.actor, ',"reason":"' .. args.reason .. '","place":"' .. args.place .. '"')
  moves.cool(c, a, queue.load(c.queue).exclusion_ms)
  match.settle()
  return tx.commit(case.brief(c))
end
