-- uses: keys, tx, timers, agent, match, moves
-- What the server knows of an agent's connections: connected, grace, gone. Leases of nodes stand behind it.
local presence = {}
local REAP_SLICE = 50

-- A node's lease holds all its connections. A lost lease is not renewed: the node takes a new id and connects afresh.
function presence.take_lease(node, lease_ms)
  if call('ZSCORE', keys.deadlines, 'lease:' .. node .. ':0') then return end
  timers.set_deadline('lease', node, '0', timers.in_service(lease_ms))
  if call('HGET', keys.meta, 'tick') == '' then call('HSET', keys.meta, 'tick', tx.now_text) end
end

-- The first connection makes the agent connected; within grace, as if nothing had happened.
function presence.arrive(a, connection, node)
  if a.presence ~= 'connected' then
    local since = a.presence_at
    if a.presence == 'gone' then agent.restart_idle(a) end -- signing in counts; changing status never does
    agent.set_presence(a, 'connected', tx.actor)
    timers.drop_deadline('grace', a.id, since)
    timers.drop_deadline('gone', a.id, since)
    match.free(a)
  end
  call('SADD', keys.connections(a.id), connection)
  call('SADD', keys.node(node), a.id .. ' ' .. connection)
end

-- The last connection is lost: nothing new is offered; what rings goes on ringing until grace ends.
-- Returns false when the connection was not known.
function presence.leave(agent_id, connection, node)
  local key = keys.connections(agent_id)
  if call('SISMEMBER', key, connection) == 0 then
    call('SREM', keys.node(node), agent_id .. ' ' .. connection) -- of an agent who was removed, it may still be there
    return false
  end
  if call('SCARD', key) == 1 then
    local a = agent.load(agent_id)
    agent.set_presence(a, 'grace', tx.actor)
    timers.set_deadline('grace', a.id, a.presence_at, timers.in_service(call('HGET', keys.meta, 'grace_ms')))
    match.free(a)
  end
  call('SREM', key, connection)
  call('SREM', keys.node(node), agent_id .. ' ' .. connection)
  return true
end

-- Grace is over: what rang goes to others. The agent is `gone` some time later.
function presence.end_grace(a)
  moves.revoke_offers(a, 'engine:presence', 'agent_lost')
  local limits = call('HMGET', keys.meta, 'grace_ms', 'gone_ms')
  timers.set_deadline('gone', a.id, a.presence_at, timers.in_service(limits[2] - limits[1]))
end

-- A dead node's connections end in slices; returns true while some are left.
function presence.reap(node)
  for _, entry in ipairs(call('SPOP', keys.node(node), REAP_SLICE)) do
    local agent_id, connection = string.match(entry, '^(%S+) (%S+)$')
    presence.leave(agent_id, connection, node)
  end
  return call('SCARD', keys.node(node)) > 0
end

return presence
