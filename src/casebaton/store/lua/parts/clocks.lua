-- uses: tx, timers, targets, steering
-- The timers of a case's targets: one warns and sets the next, which tells that the instant has passed. They change nothing else.
local clocks = {}

-- What stands in a timer's name in the baton's place: a clock that was stopped or began anew has another instant.
local function turn(clock, kind, due) return clock .. '.' .. kind .. '.' .. due end

function clocks.arm(c)
  local target = targets.of(c)
  for clock, due in pairs(targets.DUE) do
    if c[due] ~= '' then timers.set('target', c.id, turn(clock, 'warning', c[due]), targets.instant(c, target, target[clock].warn_ms)) end
  end
end

-- After the event of a change of hands: the timers of the clocks that it stopped.
function clocks.drop(c)
  local stopped = c.stopped
  c.stopped, c.first_owner_ms = nil, nil
  if not stopped then return end
  for clock, due in pairs(stopped) do
    timers.drop('target', c.id, turn(clock, 'warning', due))
    timers.drop('target', c.id, turn(clock, 'breach', due))
  end
end

-- Topics and JSON members of what a timer tells.
local function about(c, clock, a)
  local to = 'queue:' .. c.queue .. (a and ' agent:' .. a.id or '') .. steering.of_case(c, a)
  return to, ',"case":"' .. c.id .. '","queue":"' .. c.queue .. (a and '","agent":"' .. a.id or '') .. '","clock":"' .. clock
    .. '","due_at_ms":' .. c[targets.DUE[clock]]
end

-- `a` is the case's owner, if an agent owns it.
function clocks.fire(c, fired, a)
  local clock, kind, due = string.match(fired, '^([^.]+)%.([^.]+)%.(%d+)$')
  if c[targets.DUE[clock]] ~= due then return end
  if kind == 'warning' then
    tx.append('target_warned', 'engine:timers', about(c, clock, a))
    timers.set('target', c.id, turn(clock, 'breach', due), due)
  else
    tx.append('target_breached', 'engine:timers', about(c, clock, a))
  end
end

-- For the audit: is there a clock ahead of its instant that nothing would fire?
function clocks.is_untimed(c)
  for clock, field in pairs(targets.DUE) do
    local due = c[field]
    local is_timed = timers.is_set('target', c.id, turn(clock, 'warning', due)) or timers.is_set('target', c.id, turn(clock, 'breach', due))
    if due ~= '' and tonumber(due) > tx.now and not is_timed then return true end
  end
  return false
end

return clocks
