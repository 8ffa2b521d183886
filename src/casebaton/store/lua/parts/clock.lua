-- uses: keys, case, gate, plan, named
-- Plans and preferences count the time in which their queue is open, if it says so. A timer that fires before its time is set again:
-- at once when the queue is open, else when it opens, in slices.
local clock = {}
local SLICE = 50
local ARM = { plan = plan.arm, prefer = named.arm }
local IN_LINE = { waiting = true, offered = true }

function clock.hold(kind, c)
  if gate.stands_still(c.queue) then call('ZADD', keys.halted(c.queue), 0, kind .. ':' .. c.id) else ARM[kind](c) end
end

-- Returns true while some are left.
function clock.release(queue_id)
  local rows = call('ZPOPMIN', keys.halted(queue_id), SLICE)
  for i = 1, #rows, 2 do
    local kind, id = string.match(rows[i], '^(%a+):(.+)$')
    local c = case.load(id)
    if c and c.queue == queue_id and IN_LINE[c.state] then ARM[kind](c) end
  end
  return call('ZCARD', keys.halted(queue_id)) > 0
end

return clock
