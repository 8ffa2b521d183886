-- The agent needs nobody any more.
-- args: (none)
-- errors: UNKNOWN_AGENT
-- events: flag_lowered
-- flags: allow-oom
return function()
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  if not flag.is_raised(a) then return tx.unchanged(flag.answer(a)) end
  flag.clear(a)
  flag.record('flag_lowered', a, tx.actor, '')
  return tx.commit(flag.answer(a))
end
