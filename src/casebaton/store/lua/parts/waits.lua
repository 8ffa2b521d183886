-- uses: classes, tx, gate, causes
-- Where a case's waiting time goes, cause by cause, from its coming into a queue until somebody owns it, it ends, or it goes to another
-- queue. Every moment has one cause, the first that holds: the queue is `stopped` (paused, closed, or its line is being sorted) · the case rings (`offered`) · it waits
-- for the agent whom it names (`named`) · the cause of its class (see `causes`).
local waits = {}
local IN_LINE = { waiting = true, offered = true }

-- Since when, by the queue's running time as well, and by which cause or from which totals.
local function mark(c, by)
  c.waits_from = tx.now_text .. ' ' .. string.format('%d', gate.running(c.queue)) .. ' ' .. by
end

-- The case stands in its line from now on.
function waits.line_up(c)
  if classes.named_agent(c) ~= '' then return mark(c, 'named') end
  local totals = causes.totals(c.queue, c.lined_class)
  local text = {}
  for i = 1, #totals do text[i] = string.format('%d', totals[i]) end
  mark(c, table.concat(text, ' '))
  causes.look(c.queue, c.lined_class)
end

-- The case rings from now on.
function waits.ring(c) mark(c, 'offered') end

-- Calls `add(cause, ms)` for where the time went since the last mark. The case is still in the queue it was in then.
local function since_mark(c, add)
  local at, running, by = string.match(c.waits_from, '^(%d+) (%d+) (.+)$')
  if not at then return end
  local ran = gate.running(c.was_queue) - running
  add('stopped', tx.now - at - ran)
  if string.find(by, '^%a') then return add(by, ran) end
  local totals, i = causes.totals(c.was_queue, c.lined_class), 0
  for before in string.gmatch(by, '%d+') do
    i = i + 1
    add(causes.NAMES[i], totals[i] - before)
  end
end

-- By cause, as `cause=ms` with commas between: what has been counted, and what has passed since.
local function sums(c)
  local found, order = {}, {}
  local function add(cause, ms)
    if ms == 0 then return end
    if not found[cause] then order[#order + 1] = cause end
    found[cause] = (found[cause] or 0) + ms
  end
  for cause, ms in string.gmatch(c.waited, '([^=,]+)=(%d+)') do add(cause, tonumber(ms)) end
  since_mark(c, add)
  for i, cause in ipairs(order) do order[i] = cause .. '=' .. string.format('%d', found[cause]) end
  return table.concat(order, ',')
end

-- The case leaves its place in the line, or rings no more.
function waits.stop(c)
  if c.waits_from == '' then return end
  if string.sub(c.waits_from, 1, #tx.now_text) ~= tx.now_text then c.waited = sums(c) end
  c.waits_from = ''
end

local function json(text) return '{' .. string.gsub(text, '([^=,]+)=(%d+)', '"%1":%2') .. '}' end

-- What an event tells that ends the stay, as a JSON member; another stay begins at nothing.
function waits.member(c)
  if not IN_LINE[c.was_state] or (IN_LINE[c.state] and c.queue == c.was_queue) then return '' end
  local text = c.waited
  c.waited = ''
  return ',"waited":' .. json(text)
end

function waits.is_on(c) return IN_LINE[c.state] or false end

-- Up to now, of a case that waits or rings.
function waits.so_far(c) return json(sums(c)) end

return waits
