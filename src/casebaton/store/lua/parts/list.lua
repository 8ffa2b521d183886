-- Comma lists, for what an agent belongs to and is ready for: short (tens) unless its queues have hundreds of classes each.
local list = {}
local REMEMBERED_BYTES = 4000000 -- of lists; what is remembered of them takes about twice as much
local split, bytes = {}, 0

function list.has(text, item) return string.find(',' .. text .. ',', ',' .. item .. ',', 1, true) ~= nil end

function list.items(text) return string.gmatch(text, '[^,]+') end

-- The items as an array that the library remembers: for lists that hardly ever change.
function list.array(text)
  local found = split[text]
  if found then return found end
  if bytes + #text > REMEMBERED_BYTES then split, bytes = {}, 0 end
  found = {}
  for item in list.items(text) do found[#found + 1] = item end
  split[text], bytes = found, bytes + #text
  return found
end

-- The items of one list that are not in another, as an array.
function list.beyond(text, other)
  if other == '' then return list.array(text) end
  local known, found = {}, {}
  for item in list.items(other) do known[item] = true end
  for _, item in ipairs(list.array(text)) do
    if not known[item] then found[#found + 1] = item end
  end
  return found
end

function list.with(text, item)
  if text == '' then return item end
  return list.has(text, item) and text or text .. ',' .. item
end

function list.without(text, item)
  if not list.has(text, item) then return text end
  local kept = {}
  for other in list.items(text) do
    if other ~= item then kept[#kept + 1] = other end
  end
  return table.concat(kept, ',')
end

-- The value of `name=value` in a list of such pairs, or nil.
function list.value(text, name)
  for item in list.items(text) do
    local found, value = string.match(item, '^([^=]+)=(.*)$')
    if found == name then return value end
  end
end

-- Bytewise, as sorted sets order ties: Lua's own `<` follows the server's locale.
function list.is_before(x, y)
  for i = 1, math.min(#x, #y) do
    local a, b = string.byte(x, i), string.byte(y, i)
    if a ~= b then return a < b end
  end
  return #x < #y
end

function list.sort(items) table.sort(items, list.is_before) end

return list
