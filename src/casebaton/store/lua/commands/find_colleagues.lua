-- Who could be handed a case by whoever asks: those whose id or name begins with a key, when one is given. Else who is ready for its work,
-- best first, and, if they are too few, a slice of its queue's members behind `after`, without those who are away.
-- args: case key after limit
-- errors: CASE_NOT_FOUND NOT_HOLDER WRONG_STATE OUT_OF_SCOPE
-- flags: no-writes
local SLICE = 100 -- members that a script looks at
local ENTRIES = 50 -- of the directory

-- What would refuse the hand-over: an agent offers the case to the other, whoever steers assigns it.
local function lacks(c, a)
  if tx.role == 'agent' then return transfers.lacks(c, a) end
  return c.agent ~= a.id and room.lacks(a, c, c.cost) or windows.in_the_way(c, a.id, c.window) and 'window' or nil
end

-- What keeps the match from it, although a hand-over asks for none of it.
local function unqualified(c, a)
  if not agent.is_member(a, c.queue) then return 'membership' end
  return eligible.unqualified(a, classes.of_work(c))
end

local function is_away(c, a) return a.status == 'offline' or not eligible.is_reachable(a, c.channel) end

local function json(c, a, lacking)
  local failing = unqualified(c, a)
  return '{"agent":"' .. a.id .. '","name":' .. cjson.encode(a.name) .. ',"team":' .. cjson.encode(a.team) .. ',"label":"' .. a.label
    .. '","presence":"' .. a.presence .. '","free_primary":' .. turns.free_units(a, 'primary')
    .. ',"free_interruptible":' .. turns.free_units(a, 'interruptible') .. ',"idle_at_ms":' .. a.idle_at
    .. (lacking and ',"lacks":"' .. lacking .. '"' or '') .. (failing and ',"unqualified":"' .. failing .. '"' or '') .. '}'
end

-- Each agent within the scope that was not looked at before, and what it lacks.
local function look_at(c, ids, known, take)
  for _, id in ipairs(ids) do
    local a = not known[id] and agent.glance(id)
    known[id] = true
    if a and scope.has_agent(a) then take(a, lacks(c, a)) end
  end
end

local function by_name(c, key, known)
  local others = {}
  local ids, has_more = directory.find(key, ENTRIES)
  look_at(c, ids, known, function(a, lacking) others[#others + 1] = json(c, a, lacking) end)
  return {}, others, has_more and ',"more":true' or ''
end

local function by_work(c, after, limit, known)
  local ready, others = {}, {}
  local ids = after == '' and call('ZRANGE', keys.ready(classes.of_work(c)), 0, limit + 1) or {}
  look_at(c, ids, known, function(a, lacking) table.insert(lacking and others or ready, json(c, a, lacking)) end)
  if #ready >= limit then return ready, {}, '' end
  ids = call('ZRANGE', keys.members(c.queue), after == '' and '-' or '(' .. after, '+', 'BYLEX', 'LIMIT', 0, SLICE)
  look_at(c, ids, known, function(a, lacking)
    if not lacking or not is_away(c, a) then others[#others + 1] = json(c, a, lacking) end
  end)
  return ready, others, #ids == SLICE and ',"next_cursor":"' .. ids[SLICE] .. '"' or ''
end

return function(args)
  local c, refusal = guard.movable_case(args.case)
  if refusal then return refusal end
  local known = { [c.target] = true, [c.state ~= 'offered' and c.agent or ''] = true } -- its owner, and at whom it rings already
  local ready, others, rest
  if args.key ~= '' then
    ready, others, rest = by_name(c, args.key, known)
  else
    ready, others, rest = by_work(c, args.after, tonumber(args.limit), known)
  end
  return tx.unchanged('{"ready":[' .. table.concat(ready, ',') .. '],"others":[' .. table.concat(others, ',') .. ']' .. rest .. '}')
end
