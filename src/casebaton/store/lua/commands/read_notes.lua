-- A case's notes, oldest first. An agent reads those of its own cases and of the cases of its queues.
-- args: case
-- errors: CASE_NOT_FOUND NOT_MEMBER
-- flags: no-writes
return function(args)
  local c = case.load(args.case)
  if not c then return guard.not_found(args.case) end
  if tx.role == 'agent' and c.agent ~= tx.subject then
    local a = agent.load(tx.subject)
    if not a or not agent.is_member(a, c.queue) then
      return tx.refuse('NOT_MEMBER', tx.subject .. ' is not a member of queue ' .. c.queue)
    end
  end
  return tx.unchanged('{"case":"' .. c.id .. '","items":' .. notes.json(c) .. '}')
end
