-- The owner needs the wrap-up's time once more, from now; so many times as the channel allows.
-- args: case baton
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE NO_EXTENSION_LEFT
-- events: wrap_up_extended
return function(args)
  local c, refusal = guard.held_case(args.case, args.baton, { wrapping = true })
  if refusal then return refusal end
  local limit = queue.channel(c.channel).wrap_up_extensions
  if tonumber(c.extensions) >= limit then
    return tx.refuse('NO_EXTENSION_LEFT', 'the wrap-up was extended ' .. limit .. ' times already', describe.brief(c))
  end
  moves.extend_wrap_up(c, tx.actor)
  match.settle()
  return tx.commit(describe.brief(c))
end
