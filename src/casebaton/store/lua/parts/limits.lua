-- uses: digits, list
-- How many cases of each channel an agent has in hand, and may have. A parked case counts only while it holds units.
local limits = {}
local REMEMBERED = 10000
local shifted, count = { [1] = {}, [-1] = {} }, 0 -- a text never changes its meaning, so this outlives a run

function limits.counts(c) return c.state ~= 'parked' or c.parked_cost ~= '0' end

-- The most that the agent may have of a channel, or nil.
function limits.most(a, channel) return a.limits ~= '' and tonumber(list.value(a.limits, channel) or nil) or nil end

function limits.held(a, channel) return tonumber(list.value(a.channel_cases, channel) or 0) end

-- May the agent have one more?
function limits.allow(a, channel)
  local most = limits.most(a, channel)
  return not most or limits.held(a, channel) < most
end

function limits.are_exceeded(a, channel)
  local most = limits.most(a, channel)
  return most ~= nil and limits.held(a, channel) > most
end

local function shift(text, channel, by)
  local counts = {}
  for item in list.items(text) do
    if string.match(item, '^[^=]+') ~= channel then counts[#counts + 1] = item end
  end
  local held = tonumber(list.value(text, channel) or 0) + by
  if held > 0 then counts[#counts + 1] = channel .. '=' .. digits.of(held) end
  list.sort(counts)
  return table.concat(counts, ',')
end

-- One case of the channel more in the agent's hands (`by` 1), or one less (-1).
function limits.shift(a, channel, by)
  local known, key = shifted[by], channel .. '/' .. a.channel_cases
  if not known[key] then
    if count >= REMEMBERED then shifted, count = { [1] = {}, [-1] = {} }, 0 end
    known, count = shifted[by], count + 1
    known[key] = shift(a.channel_cases, channel, by)
  end
  a.channel_cases = known[key]
end

return limits
