-- The agent gets nothing new, finishes its primary work and is offline then: the next status, set by who steers.
-- args: agent
-- errors: UNKNOWN_AGENT OUT_OF_SCOPE
-- events: agent_status_changed offer_revoked transfer_failed
-- flags: allow-oom
return function(args)
  local a, refusal = guard.seen_agent(args.agent)
  if refusal then return refusal end
  local is_gone = a.status == 'offline' and a.next_status == ''
  if is_gone or statuses.is_draining(a) then return tx.unchanged('{' .. profile.members(a) .. '}') end
  local s = statuses.find('offline')
  leaving.change_when_done(a, s, s.channels, 'supervisor', tx.actor)
  match.settle()
  return tx.commit('{' .. profile.members(a) .. '}')
end
