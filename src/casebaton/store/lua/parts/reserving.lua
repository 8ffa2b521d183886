-- uses: record, tx, patience, case, agent, match, reservations
-- When a reservation begins and how it ends: one event each, of the agent and the case together.
local reserving = {}

function reserving.record(kind, c, a, extra)
  record.touch(c)
  record.touch(a)
  tx.append(kind, 'engine:reserve', 'agent:' .. a.id .. ' queue:' .. c.queue, ',"agent":"' .. a.id .. '","case":"' .. c.id
    .. '","queue":"' .. c.queue .. '"' .. extra)
  match.free(a)
end

-- The case has waited for so long: an agent is kept for it, or still is, or is sought again after the same time.
function reserving.look(c)
  patience.renew(c)
  if c.reserved_agent ~= '' then return match.free(agent.load(c.reserved_agent)) end
  local a = reservations.nearest(c)
  if not a then return end
  c.reserved_agent, a.reserved_case = a.id, c.id
  reserving.record('agent_reserved', c, a, '')
end

-- The slot that `case` leaves for whoever stands above it. A case that still waits seeks another agent after the same time.
function case.unreserve(c, reason)
  local a = agent.load(c.reserved_agent)
  c.reserved_agent, a.reserved_case = '', ''
  if c.state == 'waiting' then patience.renew(c) end
  reserving.record('reservation_ended', c, a, ',"reason":"' .. reason .. '"')
end

return reserving
