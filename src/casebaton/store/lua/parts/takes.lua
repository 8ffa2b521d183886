-- uses: keys, list, classes, tx, case, agent, queue, parking
-- What an agent takes out of a line by itself: what forbids it, and what comes first. `current` is the case that was named, if one was.
local takes = {}
local LOOK_AHEAD = 32 -- cases of a class passed over

-- Nobody takes from this queue: a refusal, else nil.
function takes.closed(q, current)
  if q.mode == 'push' then return tx.refuse('PUSH_ONLY', 'queue ' .. q.id .. ' offers its cases itself', current) end
end

-- The agent takes nothing at all now: a refusal, else nil.
function takes.barred(a, current)
  if a.presence ~= 'connected' then return tx.refuse('NOT_CONNECTED', a.id .. ' is not connected', current) end
  if a.status ~= 'online' and a.status ~= 'busy' then
    return tx.refuse('NOT_AVAILABLE', a.id .. ' is ' .. a.status, current)
  end
  local first = parking.first_waking(a)
  if first then return tx.refuse('NO_ROOM', 'case ' .. first .. ' has woken and gets the next room of ' .. a.id, current) end
end

local found -- the first case so far {id, score, rank}, and whether one is too heavy

local function is_before(x, y)
  if x.rank ~= y.rank then return x.rank < y.rank end
  if x.score ~= y.score then return x.score < y.score end
  return list.is_before(x.id, y.id)
end

local function may_have(a, q, work)
  return not q.take_needs_skills or agent.has_skills(a, work.skills)
end

-- Looks at the first cases of one class, from the head on until one is for this agent. `work` is nil where each case asks differently.
local function look_at(a, q, class, work)
  if work and not may_have(a, q, work) then return end
  local last = (work and a.cooling == 0) and 0 or LOOK_AHEAD - 1
  local rows = call('ZRANGE', keys.wait(class), 0, last, 'WITHSCORES')
  for i = 1, #rows, 2 do
    local asked = work or case.load(rows[i])
    if (work or may_have(a, q, asked)) and (a.cooling == 0 or not call('ZSCORE', keys.cooling(rows[i]), a.id)) then
      if agent.has_room(a, asked.pool, asked.cost) then
        local next_one = { id = rows[i], score = tonumber(rows[i + 1]), rank = q.rank }
        if not found.id or is_before(next_one, found) then found.id, found.score, found.rank = next_one.id, next_one.score, next_one.rank end
        return
      end
      found.has_too_heavy = true
      if work then return end
    end
  end
end

-- The first case in order, of these queues (a comma list), that the agent has room for; or nil, and whether one waits that is too heavy.
-- What waits for another agent alone is passed over. Accepted channels are not asked about: the agent asks for work itself.
function takes.first(a, queues)
  found = {}
  for id in list.items(queues) do
    local q = queue.load(id)
    if q.mode ~= 'push' then
      for _, class in ipairs(call('HKEYS', keys.classes(id))) do look_at(a, q, class, classes.parse(class)) end
      look_at(a, q, classes.of_agent(id, a.id), nil)
    end
  end
  return found.id and case.load(found.id), found.has_too_heavy
end

return takes
