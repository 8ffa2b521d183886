-- A class of work is named by its contents: queue, channel, pool and cost, required skills, the highest open tier (`*`: all). A case
-- that waits for one agent alone is in a class of that agent's own, `queue/@agent`, whatever else it is.
local classes = {}
local REMEMBERED = 10000
local POOLS = { i = 'interruptible', p = 'primary' }
local parsed, count = {}, 0 -- a name never changes its meaning, so this outlives a run

classes.ALL_TIERS = '*'

-- The agent whom a case waits for, or ''.
function classes.named_agent(c) return c.required_agent ~= '' and c.required_agent or c.preferred_agent end

function classes.of_agent(queue, agent) return queue .. '/@' .. agent end

-- What the case asks of an agent, in its present queue or in another.
function classes.of_work(c, queue)
  return (queue or c.queue) .. '/' .. c.channel .. '/' .. string.sub(c.pool, 1, 1) .. c.cost .. '/' .. c.skills .. '/' .. c.tier
end

-- The class in which the case waits.
function classes.of(c, queue)
  local named = classes.named_agent(c)
  if named ~= '' then return classes.of_agent(queue or c.queue, named) end
  return classes.of_work(c, queue)
end

-- {queue, channel, pool, cost, skills, tier (nil: all)} of what a class asks; of an agent's own class only the queue.
function classes.parse(name)
  local found = parsed[name]
  if found then return found end
  if count >= REMEMBERED then parsed, count = {}, 0 end
  local queue, channel, pool, cost, required, tier = string.match(name, '^([^/]+)/([^/]+)/(%a)(%d+)/([^/]+)/(.+)$')
  found = queue and { queue = queue, channel = channel, pool = POOLS[pool], cost = tonumber(cost), skills = required,
    tier = tonumber(tier) } or { queue = string.match(name, '^[^/]+') }
  parsed[name], count = found, count + 1
  return found
end

return classes
