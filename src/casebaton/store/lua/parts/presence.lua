-- uses: keys, tx, timers, eligible, agent, match, moves, reservations
-- What the server knows of an agent's connections: connected, grace, gone. Leases of nodes stand behind it.
local presence = {}
local REAP_SLICE = 50

-- A node's lease holds all its connections. A lost lease is not renewed: the node takes a new name and connects afresh.
function presence.holds_lease(node) return call('ZSCORE', keys.deadlines, 'lease:' .. node .. ':0') and true or false end

function presence.extend_lease(node, lease_ms) timers.set_deadline('lease', node, '0', timers.in_service(lease_ms)) end

function presence.lease_lost(node) return tx.refuse('LEASE_LOST', 'node ' .. node .. ' was silent for too long') end

function presence.knows(agent_id, connection, node)
  return call('SISMEMBER', keys.connections(agent_id), node .. ' ' .. connection) == 1
end

-- Has the agent as many connections as it may? Those of a dead node count no more, also while they are still being reaped.
function presence.is_full(agent_id, limit)
  local key, living = keys.connections(agent_id), 0
  if call('SCARD', key) < limit then return false end
  for _, entry in ipairs(call('SMEMBERS', key)) do
    if presence.holds_lease(string.match(entry, '^%S+')) then living = living + 1 end
  end
  return living >= limit
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
  call('SADD', keys.connections(a.id), node .. ' ' .. connection)
  call('SADD', keys.node(node), a.id .. ' ' .. connection)
end

-- The last connection is lost: nothing new is offered; what rings goes on ringing until grace ends.
-- Returns false when the connection was not known.
function presence.leave(agent_id, connection, node)
  if not presence.knows(agent_id, connection, node) then return false end
  local key = keys.connections(agent_id)
  if call('SCARD', key) == 1 then
    local a = agent.load(agent_id)
    agent.set_presence(a, 'grace', tx.actor)
    timers.set_deadline('grace', a.id, a.presence_at, timers.in_service(call('HGET', keys.meta, 'grace_ms')))
    match.free(a)
  end
  call('SREM', key, node .. ' ' .. connection)
  call('SREM', keys.node(node), agent_id .. ' ' .. connection)
  return true
end

-- The agent leaves the workspace: its connections are nobody's.
function presence.forget(agent_id)
  for _, entry in ipairs(call('SMEMBERS', keys.connections(agent_id))) do
    local node, connection = string.match(entry, '^(%S+) (%S+)$')
    call('SREM', keys.node(node), agent_id .. ' ' .. connection)
  end
  call('DEL', keys.connections(agent_id))
end

-- Grace is over: what rang goes to others, unless its channel reaches the agent all the same. The agent is `gone` some time later.
function presence.end_grace(a)
  moves.revoke_offers(a, 'engine:presence', 'agent_lost', function(c) return not eligible.is_reachable(a, c.channel) end)
  reservations.lose(a)
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
