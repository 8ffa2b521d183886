-- uses: digits, config, tx, queue, gate
-- A case's targets: by when somebody should own it for the first time (`first_owner`), by when it should be over (`completion`). Such
-- a clock runs while its instant is in the case; `clocks` has the timers.
local targets = {}

targets.DUE = { first_owner = 'first_owner_due', completion = 'completion_due' } -- each clock's instant in the case
local DUE = targets.DUE

-- The queue's target; without one, the channel's.
function targets.of(c)
  local name = queue.load(c.queue).target
  if name == '' then name = queue.channel(c.channel).target end
  return name ~= '' and config.target(tx.settings, name) or {}
end

-- The instant so long from now, by the target's way of counting.
function targets.instant(c, target, ms)
  return target.in_open_hours and gate.open_for(queue.load(c.queue), ms) or tx.now + ms
end

-- A new visit: nobody has owned the case since now.
function targets.begin(c)
  local target = targets.of(c)
  c.unowned_since = tx.now_text
  for clock, due in pairs(DUE) do c[due] = target[clock] and string.format('%d', targets.instant(c, target, target[clock].due_ms)) or '' end
end

local function stop(c, clock)
  local due = c[DUE[clock]]
  if due == '' then return end
  c[DUE[clock]] = ''
  c.stopped = c.stopped or {}
  c.stopped[clock] = due
end

-- What the case's new state stops. `first_owner_ms` is for the event of it alone.
function targets.pass(c)
  if c.state == 'active' and c.unowned_since ~= '' then
    c.first_owner_ms = digits.of(tx.now - c.unowned_since)
    c.unowned_since = ''
    stop(c, 'first_owner')
  elseif c.owner == 'none' then
    stop(c, 'first_owner')
    stop(c, 'completion')
  end
end

-- The first instant among the clocks that run, or ''.
function targets.earliest(c)
  local first, second = c.first_owner_due, c.completion_due
  if first == '' or second == '' then return first .. second end
  return tonumber(first) < tonumber(second) and first or second
end

-- JSON members for whoever sees the case.
function targets.members(c)
  return (c.first_owner_due ~= '' and ',"first_owner_due_at_ms":' .. c.first_owner_due or '')
    .. (c.completion_due ~= '' and ',"completion_due_at_ms":' .. c.completion_due or '')
end

return targets
