-- uses: keys, record, tx, timers, gate, backlog
-- A queue stops, or goes on: what the commands and hours of a queue come down to.
local flow = {}

-- One change of a queue's state, one event; its classes stop or go on with it.
function flow.record(kind, id, actor, changes, extra)
  local s, was_stopped = gate.state(id), gate.is_stopped(id)
  for field, value in pairs(changes) do s[field] = value end
  record.touch(s)
  tx.append(kind, actor, 'queue:' .. id .. ' all', ',"queue":"' .. id .. '",' .. gate.members(id) .. (extra or ''))
  local is_stopped = gate.is_stopped(id)
  if is_stopped and not was_stopped then
    s.stopped_at = tx.now_text
    backlog.stop(id)
  elseif was_stopped and not is_stopped then
    s.stopped_ms, s.stopped_at = string.format('%d', s.stopped_ms + tx.now - s.stopped_at), ''
    backlog.start(id)
    if call('ZCARD', keys.named(id)) > 0 then timers.set('attend', id, '', tx.now) end
  end
end

return flow
