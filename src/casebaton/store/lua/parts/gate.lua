-- uses: keys, record, tx, queue
-- What commands and hours made of a queue, beside its configuration: paused (when, by whom and why, as JSON), draining, closed; and how
-- far a new order of its line has come. Whether it lets a case in, and whether it hands any out.
local gate = {}
local LAYOUT = record.layout({ 'paused', 'draining', 'closed_at', 'shut_ms', 'stopped_at', 'stopped_ms', 'sorting' }, {},
  { 'key', 'layout', 'text' })
local MOST_CHANGES = 1000 -- of a calendar that are looked ahead
local MOST_OVERFLOWS = 8 -- of one case, from queue to queue

function gate.state(id)
  local key = keys.queue(id)
  local s = record.find(key)
  if s then return s end
  local text = call('GET', key) or nil
  if text then return record.keep(record.read(LAYOUT, text), key, LAYOUT, text) end
  s = record.keep(record.blank(LAYOUT), key, LAYOUT)
  s.shut_ms, s.stopped_ms = '0', '0'
  return s
end

-- Is nothing offered?
function gate.is_stopped(id)
  local s = gate.state(id)
  return s.paused ~= '' or s.closed_at ~= '' or s.sorting ~= ''
end

-- How long the queue has not been stopped, but for a constant: engine time less its stops.
function gate.running(id)
  local s = gate.state(id)
  return (s.stopped_at ~= '' and tonumber(s.stopped_at) or tx.now) - s.stopped_ms
end

-- By its calendar: is the queue open now, and when does that change, or nil?
function gate.by_calendar(q)
  if q.calendar == '' then return true end
  local key = keys.calendar(q.calendar)
  local last = call('ZRANGE', key, tx.now, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, 1)[1]
  local following = call('ZRANGE', key, '(' .. tx.now_text, '+inf', 'BYSCORE', 'LIMIT', 0, 1)[1]
  local is_open = not last or string.sub(last, -1) == '1'
  local changes = following and (string.sub(following, -1) == '1') ~= is_open -- the last entry only says how far it reaches
  return is_open, changes and tonumber(string.match(following, '^%d+')) or nil
end

-- The instant at which the queue will have been open for so long from now, by its calendar as it is: what lies beyond that counts as open.
function gate.open_for(q, ms)
  if q.calendar == '' then return tx.now + ms end
  local is_open, at = gate.by_calendar(q), tx.now
  for _, entry in ipairs(call('ZRANGE', keys.calendar(q.calendar), '(' .. tx.now_text, '+inf', 'BYSCORE', 'LIMIT', 0, MOST_CHANGES)) do
    local instant, opens = string.match(entry, '^(%d+):(%d)$')
    instant = tonumber(instant)
    if is_open and instant - at >= ms then return at + ms end
    if is_open then ms = ms - (instant - at) end
    is_open, at = opens == '1', instant
  end
  return at + ms
end

function gate.stands_still(id) return gate.state(id).closed_at ~= '' and queue.load(id).closed_clock == 'stop' end

-- How long its cases' clocks have stood still in all. Open time is engine time less this.
function gate.lag(id)
  local s = gate.state(id)
  return tonumber(s.shut_ms) + (gate.stands_still(id) and tx.now - s.closed_at or 0)
end

local function is_shut(q) return gate.state(q.id).closed_at ~= '' and q.when_closed ~= 'wait' end

-- Why nothing may be taken from the queue, or nil. `current` is the case, as JSON.
function gate.keeps(id, current)
  if gate.state(id).paused ~= '' then return tx.refuse('QUEUE_PAUSED', 'queue ' .. id .. ' is paused', current) end
  if gate.state(id).closed_at ~= '' then return tx.refuse('QUEUE_CLOSED', 'queue ' .. id .. ' is closed', current) end
end

local function is_full(q) return q.length_limit > 0 and call('ZCARD', keys.line(q.id)) >= q.length_limit end

-- May a case come into the queue from outside? What an agent returns always may.
function gate.admits(q) return gate.state(q.id).draining == '' and not is_shut(q) and not is_full(q) end

-- Why it may not, or nil.
function gate.keeps_out(q, current)
  if gate.state(q.id).draining ~= '' then return tx.refuse('QUEUE_DRAINING', 'queue ' .. q.id .. ' takes nothing new', current) end
  if is_shut(q) then return tx.refuse('QUEUE_CLOSED', 'queue ' .. q.id .. ' is closed', current) end
  if is_full(q) then return tx.refuse('QUEUE_FULL', 'in queue ' .. q.id .. ' ' .. q.length_limit .. ' cases wait already', current) end
end

local function overflows(q)
  return q.overflow ~= '' and gate.state(q.id).draining == '' and (q.when_closed == 'overflow' or not is_shut(q))
end

-- The queue that a new case for this one comes into: itself, or where it overflows to. Else nil and the refusal, with `current`.
function gate.entry(q, current)
  local first = q
  for _ = 1, MOST_OVERFLOWS do
    if gate.admits(q) then return q end
    q = overflows(q) and queue.open(q.overflow)
    if not q then break end
  end
  return nil, gate.keeps_out(first, current)
end

-- The state as JSON members, without a leading comma.
function gate.facts(id)
  local s = gate.state(id)
  return '"paused":' .. tostring(s.paused ~= '') .. ',"draining":' .. tostring(s.draining ~= '')
    .. ',"open":' .. tostring(s.closed_at == '')
end

-- Since when, by whom and why it is paused, as a JSON member with a comma before it; nothing of a pause of which that was not written down.
function gate.pause(id)
  local paused = gate.state(id).paused
  return string.sub(paused, 1, 1) == '{' and ',"pause":' .. paused or ''
end

function gate.members(id)
  local _, change_at = gate.by_calendar(queue.load(id))
  return gate.facts(id) .. (change_at and ',"next_change_at_ms":' .. string.format('%d', change_at) or '')
end

-- The queue as pages and snapshots show it.
function gate.json(q)
  return '{"queue":"' .. q.id .. '","mode":"' .. q.mode .. '","waiting":' .. call('ZCARD', keys.line(q.id)) .. ','
    .. gate.members(q.id) .. '}'
end

return gate
