-- The agent takes what it was offered; its work clock starts. It wins until `offer_expired` has happened, whatever the clock says.
-- args: case baton
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE
-- events: case_accepted case_transferred
-- flags: allow-oom
return function(args)
  local c, refusal = guard.ringing_case(args.case, args.baton)
  if refusal then return refusal end
  if c.target ~= '' then
    transfers.accept(c, tx.actor)
  else
    moves.own('case_accepted', c, agent.load(c.agent), tx.actor)
  end
  match.settle()
  return tx.commit(describe.brief(c))
end
