-- The owner of an appointment says how far it has come, or who steers does. An end of the stages ends the case.
-- args: case baton stage reason
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE WRONG_STAGE OUT_OF_SCOPE
-- events: stage_changed case_closed transfer_failed
-- flags: allow-oom
return function(args)
  local c, refusal = guard.live_case(args.case, args.baton, { active = true, parked = true, wrapping = true })
  refusal = refusal or stages.bars(c, args.stage, describe.brief(c))
  if refusal then return refusal end
  local reason = args.reason ~= '' and ',"reason":"' .. args.reason .. '"' or ''
  if stages.is_end(args.stage) then
    transfers.withdraw(c, tx.actor) -- before the stage is another: its event tells of it
    c.stage = args.stage
    moves.complete(c, tx.actor, args.stage, reason)
  else
    c.stage = args.stage
    case.record('stage_changed', c, tx.actor, nil, reason)
  end
  match.settle()
  return tx.commit(describe.brief(c))
end
