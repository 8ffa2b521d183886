-- A case's notes, oldest first. An agent reads those of its own cases, of the cases of its queues, and of what rings at it.
-- args: case
-- errors: CASE_NOT_FOUND NOT_MEMBER OUT_OF_SCOPE
-- flags: no-writes
return function(args)
  local c, refusal = guard.seen_case(args.case)
  if refusal then return refusal end
  if tx.role == 'agent' and c.agent ~= tx.subject and c.target ~= tx.subject then
    local a = agent.load(tx.subject)
    if not a or not agent.is_member(a, c.queue) then
      return tx.refuse('NOT_MEMBER', tx.subject .. ' is not a member of queue ' .. c.queue)
    end
  end
  return tx.unchanged('{"case":"' .. c.id .. '","items":' .. notes.json(c) .. '}')
end
