-- uses: keys, list, classes, tx, case, agent, queue, parking
-- What an agent takes out of a line by itself: what forbids it, and what comes first. `current` is the case that was named, if one was.
local takes = {}
local LOOK_AHEAD = 32 -- cases of a class passed over for a cool-down

-- Nobody takes from this queue, or not this agent: a refusal, else nil.
function takes.closed(a, q, current)
  if q.mode == 'push' then return tx.refuse('PUSH_ONLY', 'queue ' .. q.id .. ' offers its cases itself', current) end
  if not agent.is_member(a, q.id) then
    return tx.refuse('NOT_MEMBER', a.id .. ' is not a member of queue ' .. q.id, current)
  end
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

-- The first case of the class that is not cooling down for the agent: {id, score}.
local function head(a, class)
  local rows = call('ZRANGE', keys.wait(class), 0, a.cooling > 0 and LOOK_AHEAD - 1 or 0, 'WITHSCORES')
  for i = 1, #rows, 2 do
    if a.cooling == 0 or not call('ZSCORE', keys.cooling(rows[i]), a.id) then
      return { id = rows[i], score = tonumber(rows[i + 1]) }
    end
  end
end

local function is_before(x, y)
  if x.score ~= y.score then return x.score < y.score end
  return x.id < y.id
end

-- The first case in order, of these queues (a comma list), that the agent has room for; or nil, and whether one waits that is too heavy.
-- Channels that the agent does not accept are not asked about: it takes what it sees.
function takes.first(a, queues)
  local best, has_too_heavy
  for id in list.items(queues) do
    local classes_there = queue.load(id).mode ~= 'push' and call('HKEYS', keys.classes(id)) or {}
    for _, class in ipairs(classes_there) do
      local first = head(a, class)
      local work = classes.parse(class)
      if first and not agent.has_room(a, work.pool, work.cost) then
        has_too_heavy = true
      elseif first and (not best or is_before(first, best)) then
        best = first
      end
    end
  end
  return best and case.load(best.id), has_too_heavy
end

return takes
