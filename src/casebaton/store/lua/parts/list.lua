-- Comma lists: short (tens), for what an agent belongs to and is ready for.
local list = {}
local REMEMBERED = 10000
local split, count = {}, 0

function list.has(text, item) return string.find(',' .. text .. ',', ',' .. item .. ',', 1, true) ~= nil end

function list.items(text) return string.gmatch(text, '[^,]+') end

-- The items as an array that the library remembers: for lists that hardly ever change.
function list.array(text)
  local found = split[text]
  if found then return found end
  if count >= REMEMBERED then split, count = {}, 0 end
  found = {}
  for item in list.items(text) do found[#found + 1] = item end
  split[text], count = found, count + 1
  return found
end

return list
