-- uses: keys, record, tx, timers, gate, backlog
-- A queue stops, or goes on: what the commands and hours of a queue, and a new order for its line, come down to.
local flow = {}

local function set(id, changes)
  local s = gate.state(id)
  for field, value in pairs(changes) do s[field] = value end
  record.touch(s)
end

-- The queue's classes stop or go on with it.
local function follow(id, was_stopped)
  local s, is_stopped = gate.state(id), gate.is_stopped(id)
  if is_stopped and not was_stopped then
    s.stopped_at = tx.now_text
    backlog.stop(id)
    if call('ZCARD', keys.kept(id)) > 0 then timers.set('review', id, '', tx.now) end
  elseif was_stopped and not is_stopped then
    s.stopped_ms, s.stopped_at = string.format('%d', s.stopped_ms + tx.now - s.stopped_at), ''
    backlog.start(id)
    if call('ZCARD', keys.named(id)) > 0 then timers.set('attend', id, '', tx.now) end
  end
end

-- A change that nobody is told of.
function flow.change(id, changes)
  local was_stopped = gate.is_stopped(id)
  set(id, changes)
  follow(id, was_stopped)
end

-- One change of a queue's state, one event.
function flow.record(kind, id, actor, changes, extra)
  local was_stopped = gate.is_stopped(id)
  set(id, changes)
  tx.append(kind, actor, 'queue:' .. id .. ' all', ',"queue":"' .. id .. '",' .. gate.members(id) .. (extra or ''))
  follow(id, was_stopped)
end

return flow
