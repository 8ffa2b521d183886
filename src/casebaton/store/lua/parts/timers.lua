-- uses: keys, tx
-- The workspace's two sorted sets of what is due. A member is kind:id:baton; whoever fires it checks the baton.
-- Deadlines count time in service (engine time less outages), so that an outage moves them all at once; timers are absolute.
local timers = {}

-- The instant so many milliseconds from now, in time of service.
function timers.in_service(after_ms) return string.format('%d', tx.now - tx.lost + after_ms) end

-- Sets an offer's, wrap-up's, grace's or lease's end (in time of service).
function timers.set_deadline(kind, id, baton, at) call('ZADD', keys.deadlines, at, kind .. ':' .. id .. ':' .. baton) end

function timers.drop_deadline(kind, id, baton) call('ZREM', keys.deadlines, kind .. ':' .. id .. ':' .. baton) end

function timers.has_deadline(kind, id, baton) return call('ZSCORE', keys.deadlines, kind .. ':' .. id .. ':' .. baton) ~= false end

-- Returns 1 when the timer is new, 0 when it was moved.
function timers.set(kind, id, baton, at) return call('ZADD', keys.timers, at, kind .. ':' .. id .. ':' .. baton) end

function timers.is_set(kind, id, baton) return call('ZSCORE', keys.timers, kind .. ':' .. id .. ':' .. baton) ~= false end

function timers.drop(kind, id, baton) call('ZREM', keys.timers, kind .. ':' .. id .. ':' .. baton) end

-- Due members of both sets in order of time, at most `limit`: {member, at, key}.
function timers.due(limit)
  local found = {}
  local function collect(key, now, shift)
    local rows = call('ZRANGE', key, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
    for i = 1, #rows, 2 do found[#found + 1] = { member = rows[i], at = tonumber(rows[i + 1]) + shift, key = key } end
  end
  collect(keys.deadlines, tx.now - tx.lost, tx.lost)
  collect(keys.timers, tx.now, 0)
  table.sort(found, function(x, y)
    if x.at ~= y.at then return x.at < y.at end
    return x.member < y.member
  end)
  for i = #found, limit + 1, -1 do found[i] = nil end
  return found
end

-- Milliseconds until the next is due (0: now), or -1 when nothing is; as text, whole however far away it is.
function timers.next_due()
  local next_at
  for key, shift in pairs({ [keys.deadlines] = tx.lost, [keys.timers] = 0 }) do
    local first = call('ZRANGE', key, 0, 0, 'WITHSCORES')
    if first[1] then
      local at = tonumber(first[2]) + shift
      if not next_at or at < next_at then next_at = at end
    end
  end
  return string.format('%d', next_at and math.max(0, next_at - tx.now) or -1)
end

return timers
