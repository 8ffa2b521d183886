-- uses: list, tx, agent
-- What a supervisor sees and steers: the queues and teams that its token names. Without a scope, as agents, producers and most supervisors
-- are, it is everything, at the price of one comparison.
local scope = {}
local REMEMBERED = 1000
local known, count = {}, 0

local function set_of(items)
  local found = {}
  for _, item in ipairs(items) do found[item] = true end
  return found
end

-- {queues, teams} of whoever sent this run, or nil.
local function present()
  local text = tx.scope
  if not text then return nil end
  local found = known[text]
  if found then return found end
  if count >= REMEMBERED then known, count = {}, 0 end
  local asked = cjson.decode(text)
  found = { queues = set_of(asked.queues), teams = set_of(asked.teams) }
  known[text], count = found, count + 1
  return found
end

function scope.has_queue(id)
  local s = present()
  return not s or s.queues[id] or false
end

-- An agent of a team, or a member of a queue.
function scope.has_agent(a)
  local s = present()
  if not s or s.teams[a.team] then return true end
  for id in list.items(agent.memberships(a)) do
    if s.queues[id] then return true end
  end
  return false
end

-- A case of a queue, or in the hands of an agent of a team.
function scope.has_case(c)
  local s = present()
  if not s or s.queues[c.queue] then return true end
  local holder = c.agent ~= '' and agent.load(c.agent)
  return holder and s.teams[holder.team] or false
end

-- A refusal, or nil. It says nothing of what is outside.
local function outside(what) return tx.refuse('OUT_OF_SCOPE', what .. ' is outside the scope of ' .. tx.subject) end

function scope.bars_queue(id) return not scope.has_queue(id) and outside('queue ' .. id) or nil end

function scope.bars_agent(a) return not scope.has_agent(a) and outside('agent ' .. a.id) or nil end

function scope.bars_case(c) return not scope.has_case(c) and outside('case ' .. c.id) or nil end

return scope
