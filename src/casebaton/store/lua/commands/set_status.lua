-- The agent's own choice: for now, or (`next`) for when its primary work is done. Offers that do not go with it are taken back, uncounted.
-- args: status channels next
-- errors: UNKNOWN_AGENT UNKNOWN_STATUS STATUS_NOT_ALLOWED UNKNOWN_CHANNEL
-- events: agent_status_changed offer_revoked transfer_failed
-- flags: allow-oom
return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  local s, refusal = statuses.chosen(a, args.status)
  if refusal then return refusal end
  for id in list.items(args.channels == '*' and '' or args.channels) do
    if not queue.channel(id) then return queue.unknown_channel(id) end
  end
  local channels = statuses.accepted(s, args.channels)
  local is_later, is_so = args.next ~= '' and statuses.has_primary_work(a), nil
  if is_later then
    is_so = a.next_status == s.id and a.next_channels == channels
  else
    is_so = a.label == s.id and a.channels == channels and a.next_status == ''
  end
  if is_so then return tx.unchanged('{' .. profile.members(a) .. '}') end
  if args.next ~= '' then
    leaving.change_when_done(a, s, channels, statuses.next_cause(s), tx.actor)
  else
    leaving.change_status(a, s, channels, 'agent', tx.actor)
  end
  match.settle()
  return tx.commit('{' .. profile.members(a) .. '}')
end
