-- uses: keys
-- Who works here, to be found by the beginning of an id or of any word of a name. Names come as keys, made where letters of all languages
-- are known: one for each word, from it to the name's end. An agent's are kept apart from the agent, whom every match loads.
local directory = {}

local function entries(id)
  local found = { string.lower(id) .. '\0' .. id }
  for key in string.gmatch(call('GET', keys.name_keys(id)) or '', '[^\n]+') do found[#found + 1] = key .. '\0' .. id end
  return found
end

-- The agent is found by its id and by these keys, by line, or `-` for none.
function directory.enter(id, name_keys)
  call('ZREM', keys.names, unpack(entries(id)))
  if name_keys == '' or name_keys == '-' then call('DEL', keys.name_keys(id)) else call('SET', keys.name_keys(id), name_keys) end
  for _, entry in ipairs(entries(id)) do call('ZADD', keys.names, 0, entry) end
end

function directory.leave(id)
  call('ZREM', keys.names, unpack(entries(id)))
  call('DEL', keys.name_keys(id))
end

-- For the audit: is the agent found by all that should find it?
function directory.has(id)
  for _, entry in ipairs(entries(id)) do
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
