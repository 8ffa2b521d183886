-- The owner (or who steers) goes on with a parked case, if there is room for it and nothing that has woken comes first.
-- args: case baton
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE NO_ROOM OUT_OF_SCOPE
-- events: case_resumed
return function(args)
  local c, refusal = guard.live_case(args.case, args.baton, { parked = true })
  if refusal then return refusal end
  local a = agent.load(c.agent)
  local first = parking.first_waking(a)
  if first and first ~= c.id then
    return tx.refuse('NO_ROOM', 'case ' .. first .. ' has woken and gets the next room of ' .. a.id, describe.brief(c))
  end
  if not parking.has_room(a, c) then return room.refusal(a, c, c.cost, limits.counts(c)) end
  parking.resume(c, a, tx.actor)
  match.free(a)
  match.settle()
  return tx.commit(describe.brief(c))
end
