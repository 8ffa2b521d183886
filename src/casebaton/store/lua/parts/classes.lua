-- A class of work is named by its contents: queue, channel, pool and cost, skills (none yet), tier step (none yet).
local classes = {}
local REMEMBERED = 10000
local POOLS = { i = 'interruptible', p = 'primary' }
local parsed, count = {}, 0 -- a name never changes its meaning, so this outlives a run

-- The class of a case, in its present queue or in another.
function classes.of(c, queue)
  return (queue or c.queue) .. '/' .. c.channel .. '/' .. string.sub(c.pool, 1, 1) .. c.cost .. '/-/0'
end

-- {queue, channel, pool, cost} of a class.
function classes.parse(name)
  local found = parsed[name]
  if found then return found end
  if count >= REMEMBERED then parsed, count = {}, 0 end
  local queue, channel, pool, cost = string.match(name, '^([^/]+)/([^/]+)/(%a)(%d+)')
  found = { queue = queue, channel = channel, pool = POOLS[pool], cost = tonumber(cost) }
  parsed[name], count = found, count + 1
  return found
end

return classes
