-- Records as this library saved them last, by key: whoever loads one next need not take its text apart again (measured: an eighth of a
-- life). It is only a cache, asked with the text that is stored: whatever else wrote, restored or failed over, an older entry is not found.
-- Few, on purpose: a record is up to 7 KB in a hundred places of memory, and one that the processor has to fetch costs more than to read its text
-- anew (measured: with 1,000 records a life among 1,500 agents at work cost 30 % more than without, with 100 one among 400 still 8 %).
local recent = {}
local REMEMBERED = 25 -- of a generation; there are two, and the older one goes when the younger is full
local young, old, count = {}, {}, 0

-- `r` is what `text` says, and nothing changes it from now on but whoever loads it.
function recent.keep(r, text)
  local key = r.key
  r.saved = text
  if young[key] == nil then
    if count >= REMEMBERED then young, old, count = {}, young, 0 end
    count = count + 1
  end
  young[key] = r
end

-- The record that this text is of, or nil. It is found once: a run that fails or saves nothing leaves none behind.
function recent.take(key, text)
  local r = young[key] or old[key]
  if not r or r.saved ~= text then return nil end
  r.saved = false
  return r
end

-- What is not going to be loaded again.
function recent.drop(key)
  if young[key] then count = count - 1 end
  young[key], old[key] = nil, nil
end

return recent
