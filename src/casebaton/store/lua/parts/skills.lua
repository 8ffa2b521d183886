-- uses: list
-- Skills as texts. What a case requires: `billing=1&german=3`, or `-` for nothing. What an agent can: `billing=2,german=5~from~until`,
-- with the instants between which it counts (0: open). Additional skills of a case: `loans=2#1,vip=1#2`, the number after `#` in the
-- order of dropping, highest first.
local skills = {}
local REMEMBERED = 10000
local parsed, count = {}, 0 -- a text never changes its meaning, so this outlives a run

skills.NONE = '-'

-- A requirement as an array of {name, level}.
function skills.required(text)
  local found = parsed[text]
  if found then return found end
  if count >= REMEMBERED then parsed, count = {}, 0 end
  found = {}
  for name, level in string.gmatch(text, '([^&=]+)=(%d+)') do found[#found + 1] = { name = name, level = tonumber(level) } end
  parsed[text], count = found, count + 1
  return found
end

-- The same as level by name; not to be changed.
function skills.levels(text)
  local found = skills.required(text)
  if not found.levels then
    found.levels = {}
    for _, skill in ipairs(found) do found.levels[skill.name] = skill.level end
  end
  return found.levels
end

-- The requirement that these levels by name make.
function skills.text(levels)
  local names = {}
  for name in pairs(levels) do names[#names + 1] = name end
  if not names[1] then return skills.NONE end
  list.sort(names)
  for i, name in ipairs(names) do names[i] = name .. '=' .. string.format('%d', levels[name]) end
  return table.concat(names, '&')
end

-- Adds a requirement to levels by name; of two levels of a skill the higher counts.
function skills.add(levels, text)
  for _, skill in ipairs(skills.required(text)) do levels[skill.name] = math.max(levels[skill.name] or 0, skill.level) end
end

-- Adds those additional skills whose number is below `dropped_from` ('' for all).
function skills.add_additional(levels, text, dropped_from)
  local limit = tonumber(dropped_from) or math.huge
  for name, level, number in string.gmatch(text, '([^,=]+)=(%d+)#(%d+)') do
    if tonumber(number) < limit then levels[name] = math.max(levels[name] or 0, tonumber(level)) end
  end
end

-- The highest number among additional skills below `dropped_from`, as text, or nil when none is left to drop.
function skills.last_number(text, dropped_from)
  local limit, last = tonumber(dropped_from) or math.huge, nil
  for number in string.gmatch(text, '#(%d+)') do
    number = tonumber(number)
    if number < limit and (not last or number > last) then last = number end
  end
  return last and string.format('%d', last)
end

-- An agent's skills at an instant: level by name, and the next instant at which that changes, or nil.
function skills.of_agent(text, now)
  local levels, change_at = {}, nil
  local function soon(at)
    if at > now and (not change_at or at < change_at) then change_at = at end
  end
  for item in list.items(text) do
    local name, level, from, till = string.match(item, '^([^=]+)=(%d+)~?(%d*)~?(%d*)$')
    from, till = tonumber(from) or 0, tonumber(till) or 0
    soon(from)
    soon(till)
    if from <= now and (till == 0 or till > now) then levels[name] = tonumber(level) end
  end
  return levels, change_at
end

function skills.suffice(levels, text)
  for _, skill in ipairs(skills.required(text)) do
    if (levels[skill.name] or -1) < skill.level then return false end
  end
  return true
end

-- A requirement as a JSON object.
function skills.json(text)
  local members = {}
  for i, skill in ipairs(skills.required(text)) do members[i] = '"' .. skill.name .. '":' .. skill.level end
  return '{' .. table.concat(members, ',') .. '}'
end

return skills
