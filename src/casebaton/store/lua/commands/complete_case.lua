-- The owner's work is done, says the owner or who steers. A case withdrawn under its owner's hands ends as cancelled, any other as closed.
-- args: case baton disposition
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_closed case_cancelled case_offered case_relaxed alert_raised case_assigned agent_status_changed
-- flags: allow-oom
-- Who served a customer last may be preferred for the next case.
local function remember_agent(c)
  local q = queue.load(c.queue)
  if q.affinity_ms == 0 or c.customer_key == '' then return end
  call('SET', keys.affinity(c.queue, c.customer_key), c.agent, 'PX', q.affinity_ms)
end

return function(args)
  local c, refusal = guard.live_case(args.case, args.baton, { active = true, parked = true, wrapping = true })
  if refusal then return refusal end
  local extra = args.disposition ~= '' and ',"disposition":"' .. args.disposition .. '"' or ''
  if c.state == 'wrapping' then
    moves.finish('case_cancelled', c, 'cancelled', tx.actor, extra)
  else
    moves.finish('case_closed', c, 'closed', tx.actor, extra)
    remember_agent(c)
  end
  match.settle()
  return tx.commit(case.brief(c))
end
