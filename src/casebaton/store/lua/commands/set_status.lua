-- The agent's own choice: for now, or (`next`) for when its primary work is done. Offers that do not go with it are taken back, uncounted.
-- args: status channels next
-- errors: UNKNOWN_AGENT UNKNOWN_STATUS STATUS_NOT_ALLOWED
-- events: agent_status_changed offer_revoked case_offered case_relaxed alert_raised case_assigned case_resumed transfer_failed
-- events: note_added automation_triggered owner_notified effect_failed
-- flags: allow-oom
return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  local s, refusal = statuses.chosen(a, args.status)
  if refusal then return refusal end
  local channels = statuses.accepted(s, args.channels)
  if args.next ~= '' and statuses.has_primary_work(a) then
    if a.next_status == s.id and a.next_channels == channels then return tx.unchanged('{' .. agent.members(a) .. '}') end
    statuses.set_next(a, s, channels, tx.actor)
    moves.revoke_offers(a, tx.actor, 'next_status')
    match.free(a)
  else
    if a.label == s.id and a.channels == channels and a.next_status == '' then
      return tx.unchanged('{' .. agent.members(a) .. '}')
    end
    leaving.change_status(a, s, channels, args.next ~= '' and statuses.next_cause(s) or 'agent', tx.actor)
  end
  match.settle()
  return tx.commit('{' .. agent.members(a) .. '}')
end
