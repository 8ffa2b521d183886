-- Creates or changes an agent: fields left empty stay. Lowered capacity takes open offers back and nothing else.
-- args: agent create name team capacity interruptible_capacity queues
-- errors: UNKNOWN_AGENT UNKNOWN_QUEUE BAD_CAPACITY
-- events: agent_updated offer_revoked case_offered case_resumed transfer_failed
return function(args)
  local a = agent.load(args.agent)
  if not a and args.create == '' then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. args.agent) end
  local new = a == nil
  a = a or agent.create(args.agent)
  local capacity = args.capacity ~= '' and tonumber(args.capacity) or a.capacity
  local interruptible = args.interruptible_capacity ~= '' and tonumber(args.interruptible_capacity) or a.interruptible_capacity
  if interruptible > capacity then
    return tx.refuse('BAD_CAPACITY', 'interruptible capacity ' .. interruptible .. ' is above capacity ' .. capacity)
  end
  local queues = args.queues ~= '' and string.gsub(args.queues, '^-$', '') or a.queues
  for id in list.items(queues) do
    if not queue.open(id) and not list.has(a.queues, id) then return queue.unknown(id) end
  end
  local changed = new or capacity ~= a.capacity or interruptible ~= a.interruptible_capacity or queues ~= a.queues
    or (args.name ~= '' and args.name ~= a.name) or (args.team ~= '' and args.team ~= a.team)
  if not changed then return tx.unchanged('{' .. agent.members(a) .. '}') end
  local left, joined = a.queues, queues
  a.capacity, a.interruptible_capacity, a.queues = capacity, interruptible, queues
  if args.name ~= '' then a.name = args.name end
  if args.team ~= '' then a.team = args.team end
  agent.record('agent_updated', a, tx.actor, agent.members(a))
  if new then call('ZADD', keys.agents, 0, a.id) end
  for id in list.items(left) do
    if not list.has(joined, id) then call('ZREM', keys.members(id), a.id) end
  end
  for id in list.items(joined) do call('ZADD', keys.members(id), 0, a.id) end
  a.classes = queue.classes_of(queues)
  moves.revoke_offers(a, tx.actor, 'capacity_lowered', function(c) return agent.is_over_capacity(a, c.pool) end)
  match.free(a)
  match.settle()
  return tx.commit('{' .. agent.members(a) .. '}')
end
