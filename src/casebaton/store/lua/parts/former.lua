-- uses: keys, list, classes, record, agent, directory, presence, turns, reservations, day
-- An agent who leaves for good, and the cool-downs that outlast it: they go on being counted, so that an
-- agent of the same id who comes before they end is held back by them.
local former = {}

-- How many cases wait for this agent alone.
function former.awaited(a)
  local waiting = 0
  for id in list.items(a.named) do waiting = waiting + call('ZCARD', keys.wait(classes.of_agent(id, a.id))) end
  return waiting
end

-- Out of every index, the record gone. The caller has seen that nothing is in the agent's hands or waits for it alone.
function former.remove(a, actor)
  reservations.leave(a)
  agent.record('agent_removed', a, actor, '"agent":"' .. a.id .. '","status_before":"' .. a.status .. '","presence_before":"'
    .. a.presence .. '"')
  a.status = 'offline'
  turns.publish(a)
  for id in list.items(agent.memberships(a)) do call('ZREM', keys.members(id), a.id) end
  for id in list.items(a.named) do call('ZREM', keys.named(id), a.id) end
  call('ZREM', keys.agents, a.id)
  directory.leave(a.id)
  call('DEL', a.key, keys.profile(a.id))
  presence.forget(a.id)
  day.forget(a)
  record.forget(a)
  if a.cooling > 0 then call('SET', keys.former(a.id), a.cooling) end
end

function former.end_cool_down(id)
  if call('DECR', keys.former(id)) == 0 then call('DEL', keys.former(id)) end
end

return former
