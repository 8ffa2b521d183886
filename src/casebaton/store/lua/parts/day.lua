-- uses: keys, digits, record, tx, worked
-- What an agent does, counted by quarter hour: whoever asks for its day sums what lies behind its own midnight, and there is no time zone
-- whose midnight is not on a quarter. The running quarter is one field of the agent's record, `until` and the figures, so that a case's
-- life takes no more calls than without; those before it stand in a list.
local day = {}
local QUARTER_MS = 900000
local KEPT = 104 -- quarters that are behind: a day of 25 hours, and the one that runs
local RECENT = 50 -- cases that ended in its hands
local FIGURES = { 'worked_ms', 'wrap_up_ms', 'handled', 'handed_on', 'offered', 'accepted', 'declined', 'missed' } -- as they stand in a text
local PATTERN = '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+)'
local place = {}
for i = 1, #FIGURES do place[FIGURES[i]] = i + 1 end -- no `ipairs` while the library loads

-- The running quarter as an array, its end first; the one before it goes to the others.
local function running(a)
  local quarter = { string.match(a.day, PATTERN) }
  if quarter[1] and tx.now < tonumber(quarter[1]) then return quarter end
  if quarter[1] then
    call('RPUSH', keys.day(a.id), table.concat(quarter, ' '))
    call('LTRIM', keys.day(a.id), -KEPT, -1)
  end
  return { string.format('%d', tx.now - tx.now % QUARTER_MS + QUARTER_MS), '0', '0', '0', '0', '0', '0', '0', '0' }
end

local function add(quarter, what, count)
  local i = place[what]
  quarter[i] = digits.of(quarter[i] + count)
end

-- The run's seed ends the text, and with it the agent's record: of a long string Lua hashes one character in ten or so, and records that differ
-- only in others make long chains in its table of strings (measured: 8 % of a life).
local function keep(a, quarter)
  a.day = table.concat(quarter, ' ') .. ' ' .. tx.seed
  record.touch(a)
end

-- One more of `what`.
function day.count(a, what)
  local quarter = running(a)
  add(quarter, what, 1)
  keep(a, quarter)
end

-- The agent's ownership of the case ends, whose state is still what it was: it is `handled`, or `handed_on`.
function day.count_case(a, c, what)
  local quarter = running(a)
  add(quarter, what, 1)
  add(quarter, 'worked_ms', worked.so_far(c))
  if c.state == 'wrapping' then add(quarter, 'wrap_up_ms', tx.now - c.state_at) end
  keep(a, quarter)
  if what == 'handled' and call('LPUSH', keys.recent(a.id), c.id) > 2 * RECENT then call('LTRIM', keys.recent(a.id), 0, RECENT - 1) end
end

-- What it has done since an instant, as far back as is kept: JSON members, with the beginning of the first quarter that is in them.
function day.members(a, since)
  local from = math.max(since - since % QUARTER_MS, tx.now - tx.now % QUARTER_MS - KEPT * QUARTER_MS)
  local sums, quarters = { 0, 0, 0, 0, 0, 0, 0, 0 }, call('LRANGE', keys.day(a.id), 0, -1)
  quarters[#quarters + 1] = a.day
  for _, text in ipairs(quarters) do
    local quarter = { string.match(text, PATTERN) }
    if quarter[1] and tonumber(quarter[1]) > from then
      for i = 1, #FIGURES do sums[i] = sums[i] + quarter[i + 1] end
    end
  end
  local members = '"since_ms":' .. string.format('%d', from)
  for i, what in ipairs(FIGURES) do members = members .. ',"' .. what .. '":' .. digits.of(sums[i]) end
  return members
end

-- The cases that ended in its hands last, by id, newest first.
function day.recent(a) return call('LRANGE', keys.recent(a.id), 0, RECENT - 1) end

function day.forget(a) call('DEL', keys.day(a.id), keys.recent(a.id)) end

return day
