-- uses: agent, leaving, match, membership, named, presence, profile, timers, tx, firing
-- What is due for an agent: connections that are lost, work to be given back, skills that begin or end.
local firing_agents = {}

local function away_since(id, baton)
  local a = agent.load(id)
  return a and a.presence == 'grace' and a.presence_at == baton and a
end

function firing.single.grace(id, baton)
  local a = away_since(id, baton)
  if a then presence.end_grace(a) end
end

function firing.single.gone(id, baton)
  local a = away_since(id, baton)
  if not a then return end
  agent.set_presence(a, 'gone', 'engine:timers')
  match.free(a)
  leaving.lose(a, 0, '')
end

-- Since when the agent is gone, for how long when this is due, and where to go on, stand in the baton's place.
function firing.single.lost(id, baton)
  local since, gone_ms, after = string.match(baton, '^(%d+)/(%d+)/?(.*)$')
  local a = agent.load(id)
  if a and a.presence == 'gone' and a.presence_at == since then leaving.lose(a, tonumber(gone_ms), after) end
end

-- Where to go on stands in the baton's place.
function firing.single.offboard(id, after)
  local a = agent.load(id)
  if a and a.status == 'offline' then leaving.offboard(a, after) end
end

-- When, by whom and why everything was taken from the agent stands in the baton's place.
function firing.single.requeue(id, baton)
  local before, role, subject, reason = string.match(baton, '^(%d+)/([^/]+)/([^/]+)/(.+)$')
  local a = agent.load(id)
  if a then leaving.empty_hands(a, role .. ':' .. subject, reason, before) end
end

function firing.single.reap(node)
  if presence.reap(node) then timers.set('reap', node, '0', tx.now) end
end

firing.single.lease = firing.single.reap

-- More was waiting for the agent than one script matches.
function firing.single.serve(id)
  local a = agent.load(id)
  if a then match.free(a) end
end

-- Its agent went away: cases that only preferred it are for everybody. `id` is queue/agent.
function firing.single.release(id, from)
  local queue_id, agent_id = string.match(id, '^([^/]+)/(.+)$')
  local a = agent.load(agent_id)
  local next_from = a and named.release_slice(queue_id, a, tonumber(from), match.wait)
  if next_from then timers.set('release', id, next_from, tx.now) end
end

-- A skill begins or ends today.
function firing.single.skill(id)
  local a = agent.load(id)
  if not a then return end
  local classes_before = a.classes
  membership.renew(a, agent.memberships(a))
  agent.record('agent_updated', a, 'engine:timers', profile.members(a))
  if a.classes ~= classes_before or a.reserved_case ~= '' then match.free(a) end
end

-- Other skills make members: all agents are looked at, slice by slice.
function firing.single.regroup(_, after)
  local changed, next_after = membership.regroup(after)
  for _, a in ipairs(changed) do
    agent.record('agent_updated', a, 'engine:timers', profile.members(a))
    match.free(a)
  end
  if next_after then timers.set('regroup', 'agents', next_after, tx.now) end
end

return firing_agents
