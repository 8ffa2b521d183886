-- The agent takes the first case in order that it may take: of one queue, or of all its queues that are taken from.
-- args: queue
-- errors: UNKNOWN_AGENT UNKNOWN_QUEUE PUSH_ONLY NOT_MEMBER NOT_CONNECTED NOT_AVAILABLE NO_ROOM NOTHING_TO_TAKE
-- errors: QUEUE_PAUSED QUEUE_CLOSED
-- events: case_taken
return function(args)
  local a = agent.load(tx.subject)
  if not a then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. tx.subject) end
  local q = args.queue ~= '' and queue.load(args.queue)
  if q == nil then return queue.unknown(args.queue) end
  local refusal = q and takes.closed(q)
  if refusal then return refusal end
  if q and not agent.is_member(a, q.id) then
    return tx.refuse('NOT_MEMBER', a.id .. ' is not a member of queue ' .. q.id)
  end
  refusal = takes.barred(a)
  if refusal then return refusal end
  local c, lacking = takes.first(a, q and q.id or agent.memberships(a))
  if not c and lacking then return tx.refuse('NO_ROOM', 'nothing that waits fits: ' .. a.id .. ' has ' .. lacking) end
  if not c and a.presence ~= 'connected' then return takes.unconnected(a) end
  if not c then return tx.refuse('NOTHING_TO_TAKE', 'no case waits that ' .. a.id .. ' may take now') end
  moves.own('case_taken', c, a, tx.actor)
  match.settle()
  local answer = describe.json(c)
  c.card = '{}' -- what is remembered for a while says nothing of the customer
  return tx.commit(answer, describe.json(c))
end
