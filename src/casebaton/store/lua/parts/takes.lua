-- uses: keys, list, classes, tx, case, queue, parking, gate, statuses, describe, eligible, room, reservations, windows
-- What an agent takes out of a line by itself: what forbids it, and what comes first. `current` is the case that was named, if one was.
local takes = {}
local LOOK_AHEAD = 32 -- cases of a class passed over

-- Nobody takes from this queue: a refusal, else nil.
function takes.closed(q, current)
  if q.mode == 'push' then return tx.refuse('PUSH_ONLY', 'queue ' .. q.id .. ' offers its cases itself', current) end
  return gate.keeps(q.id, current)
end

function takes.unconnected(a, current) return tx.refuse('NOT_CONNECTED', a.id .. ' is not connected', current) end

-- The agent takes nothing at all now: a refusal, else nil.
function takes.barred(a, current)
  if a.status ~= 'online' and a.status ~= 'busy' then
    return tx.refuse('NOT_AVAILABLE', a.id .. ' is ' .. a.status, current)
  end
  if statuses.is_draining(a) then
    return tx.refuse('NOT_AVAILABLE', a.id .. ' finishes what it has and gets nothing new', current)
  end
  local first = parking.first_waking(a)
  if first then return tx.refuse('NO_ROOM', 'case ' .. first .. ' has woken and gets the next room of ' .. a.id, current) end
end

-- What is in the way of the agent's having this case as well, for people, or nil. `asked` is the case, or what its class asks.
function takes.lacking(a, id, asked)
  return room.lacking(a, asked, asked.cost) or id ~= a.reserved_case and reservations.lacking(a, asked) or nil
end

function takes.too_much(a, c)
  local lacking = takes.lacking(a, c.id, c)
  return lacking and tx.refuse('NO_ROOM', a.id .. ' has ' .. lacking, describe.brief(c)) or nil
end

local best, in_the_way -- the first case so far {id, score, rank}, and what keeps the agent from one that does not fit

local function consider(id, score, rank)
  local is_first = not best or rank < best.rank
    or (rank == best.rank and (score < best.score or (score == best.score and list.is_before(id, best.id))))
  if is_first then best = { id = id, score = score, rank = rank } end
end

local function has_no_time(a, id)
  local c = case.load(id)
  return windows.in_the_way(c, a.id, c.window) ~= nil
end

-- Looks at the cases of one class from the head on, until one is for this agent. `work` is what all of them ask, or nil when each asks
-- differently.
local function look_at(a, q, class, work)
  local has_windows = not work or windows.count(work.channel)
  local last = a.cooling == 0 and not has_windows and 0 or LOOK_AHEAD - 1
  local rows = call('ZRANGE', keys.wait(class), 0, last, 'WITHSCORES')
  for i = 1, #rows, 2 do
    local asked = work or case.load(rows[i])
    local is_skilled = not q.take_needs_skills or eligible.has_skills(a, asked.skills)
    local is_cooling = a.cooling > 0 and call('ZSCORE', keys.cooling(rows[i]), a.id)
    if is_skilled and not is_cooling and eligible.is_reachable(a, asked.channel) and not (has_windows and has_no_time(a, rows[i])) then
      local lacking = takes.lacking(a, rows[i], asked)
      if not lacking then return consider(rows[i], tonumber(rows[i + 1]), q.rank) end
      in_the_way = lacking
    end
  end
end

-- The first case in order, of these queues (a comma list), that the agent has room for; or nil, and what one that waits does not fit for.
-- What waits for another agent alone is passed over. Accepted channels are not asked about: the agent asks for work itself.
function takes.first(a, queues)
  best, in_the_way = nil, nil
  for id in list.items(queues) do
    local q = queue.load(id)
    if q.mode ~= 'push' and not gate.keeps(id) then
      for _, class in ipairs(call('HKEYS', keys.classes(id))) do look_at(a, q, class, classes.parse(class)) end
      look_at(a, q, classes.of_agent(id, a.id), nil)
    end
  end
  return best and case.load(best.id), in_the_way
end

return takes
