-- uses: skills, queue, plan, order, case, alert, match, moves, gate, describe, lines
-- What the steps of a plan do to a case when their time has come.
local steps = {}

local RELAX = {
  drop_skills = function(c) c.dropped_from = skills.last_number(c.additional_skills, c.dropped_from) or c.dropped_from end,
  open_tier = function(c, tier) c.tier = tier end,
  raise_priority = function(c, by)
    c.priority = string.format('%d', math.max(0, c.priority - by))
    c.score = order.score(c)
  end,
  stop_preferring = function(c) c.preferred_agent = '' end,
  alert = function() end,
}

local function overflow(c, to)
  local q = queue.open(to)
  if q and to ~= c.queue and gate.admits(q) then
    moves.requeue('case_transferred', c, 'engine:plan', ',"reason":"overflow"', to)
    return true
  end
end

-- A case that rings overflows when it waits again: the step is still ahead then, and its time is over.
function steps.take(c, step)
  local is_overflow = step.kind == 'overflow'
  if is_overflow and (c.state == 'offered' or overflow(c, step.value)) then return end
  lines.leave(c)
  plan.pass_step(c)
  if not is_overflow then RELAX[step.kind](c, step.value) end
  plan.require(c)
  case.record('case_relaxed', c, 'engine:plan', nil, ',"step":"' .. step.kind .. '"' .. describe.view(c))
  plan.arm(c)
  if c.state == 'waiting' then match.wait(c) end
  if is_overflow then alert.raise('overflow_impossible', c) elseif step.kind == 'alert' then alert.raise(step.value, c) end
end

return steps
