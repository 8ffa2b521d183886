-- Who steers sees to an agent's flag: it is down, and the agent is told. Of two who answer at once the second hears that somebody has.
-- args: agent text
-- errors: UNKNOWN_AGENT NO_FLAG OUT_OF_SCOPE
-- events: flag_answered
-- flags: allow-oom
return function(args)
  local a, refusal = guard.seen_agent(args.agent)
  if refusal then return refusal end
  if not flag.is_raised(a) then return tx.refuse('NO_FLAG', 'the flag of ' .. a.id .. ' is not up') end
  local about = flag.about(a.flag_case, args.text)
  flag.clear(a)
  flag.record('flag_answered', a, tx.actor, about)
  return tx.commit(flag.answer(a))
end
