-- uses: config, tx, timers, queue, skills, classes, gate
-- A case's plan: the timed steps of its queue. What they have done so far is in the case: which additional skills are dropped, which
-- tier is open, how many steps are behind it. The clock runs while the queue owns the case; a
-- queue that closes may let it stand still: `plan_from` is in open time.
local plan = {}

function plan.of(c)
  local q = queue.load(c.queue)
  return q and q.plan ~= '' and config.plan(tx.settings, q.plan) or nil
end

-- What the case asks for in its present queue: its own skills, its queue's, and the additional ones that are not dropped yet.
function plan.require(c)
  local levels = {}
  skills.add(levels, c.required_skills)
  skills.add(levels, queue.load(c.queue).skills)
  skills.add_additional(levels, c.additional_skills, c.dropped_from)
  c.skills = skills.text(levels)
end

-- From the first step on, with everything asked for again.
function plan.begin(c)
  local found = plan.of(c)
  c.dropped_from, c.plan_step, c.plan_from = '', '', found and string.format('%d', tx.now - gate.lag(c.queue)) or ''
  c.tier = found and found.opens_tiers and '0' or classes.ALL_TIERS
  plan.require(c)
end

-- A return, decline or miss starts the plan again if it says so; otherwise it goes on where it was.
function plan.resume(c, kind)
  local found = plan.of(c)
  if found and found.restarts[kind] then plan.begin(c) end
end

local function taken(c) return tonumber(c.plan_step) or 0 end

-- A timer is stale when the plan began anew or went on since.
local function timer(c) return c.plan_from .. '.' .. taken(c) end

local function next_step(c)
  local found = plan.of(c)
  return found and c.plan_from ~= '' and found.steps[taken(c) + 1]
end

-- When the next step is due, and the step; nil when the queue does not own the case or nothing is left.
function plan.next_at(c)
  local step = (c.state == 'waiting' or c.state == 'offered') and next_step(c)
  if step and not gate.stands_still(c.queue) then return c.plan_from + step.after_ms + gate.lag(c.queue), step end
end

-- Sets the timer of the next step. What is due already fires at once.
function plan.arm(c)
  local step = next_step(c)
  if step then timers.set('plan', c.id, timer(c), c.plan_from + step.after_ms + gate.lag(c.queue)) end
end

function plan.disarm(c)
  if next_step(c) then timers.drop('plan', c.id, timer(c)) end
end

-- The step that this timer means, if it is still the next one.
function plan.due(c, fired) return fired == timer(c) and next_step(c) or nil end

-- Has its queue been closed since the timer was set?
function plan.is_early(c, step) return c.plan_from + step.after_ms > tx.now - gate.lag(c.queue) end

function plan.pass_step(c) c.plan_step = string.format('%d', taken(c) + 1) end

return plan
