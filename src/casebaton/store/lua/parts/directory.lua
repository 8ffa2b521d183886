-- uses: keys
-- Who works here, to be found by the beginning of an id or of any word of a name. Names come as keys, made where letters of all languages
-- are known: one for each word, from it to the name's end.
local directory = {}

local function entries(a)
  local found = { string.lower(a.id) .. '\0' .. a.id }
  for key in string.gmatch(a.name_keys, '[^\n]+') do found[#found + 1] = key .. '\0' .. a.id end
  return found
end

function directory.enter(a)
  for _, entry in ipairs(entries(a)) do call('ZADD', keys.names, 0, entry) end
end

function directory.leave(a) call('ZREM', keys.names, unpack(entries(a))) end

-- For the audit: is the agent found by all that should find it?
function directory.has(a)
  for _, entry in ipairs(entries(a)) do
    if not call('ZSCORE', keys.names, entry) then return false end
  end
  return true
end

-- The ids of the first `limit` entries that begin with a key, each once; and whether there may be more.
function directory.find(key, limit)
  local rows = call('ZRANGE', keys.names, '[' .. key, '(' .. key .. '\255', 'BYLEX', 'LIMIT', 0, limit)
  local found, known = {}, {}
  for _, row in ipairs(rows) do
    local id = string.match(row, '[^%z]+$')
    if not known[id] then found[#found + 1] = id end
    known[id] = true
  end
  return found, #rows == limit
end

return directory
