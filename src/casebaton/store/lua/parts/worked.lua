-- uses: tx
-- How long its owner has worked on a case: while it is active or wraps up, not while it is parked. The clock is the case's alone, so it
-- runs on while its owner is busy, offline or gone: to stop it would take a write to each case in those hands.
local worked = {}
local AT_WORK = { active = true, wrapping = true }

-- Milliseconds of this ownership up to now.
function worked.so_far(c)
  local before = tonumber(c.worked) or 0
  return AT_WORK[c.state] and before + tx.now - c.state_at or before
end

-- Its state ends.
function worked.stop(c)
  if AT_WORK[c.state] then c.worked = string.format('%d', worked.so_far(c)) end
end

-- What its present, or else its last owner, has worked on it before its present state: a JSON member.
function worked.member(c) return c.worked ~= '' and ',"worked_ms":' .. c.worked or '' end

return worked
