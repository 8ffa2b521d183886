-- uses: keys, tx, timers, queue, gate, flow
-- A queue opens and closes by its calendar: when its timer fires, and when its configuration changes.
local hours = {}
local DAY_MS = 86400000 -- at least so often the calendar is asked: it may have been written anew

function hours.sync(id)
  local q = queue.load(id)
  local is_open, change_at = gate.by_calendar(q)
  if q.calendar ~= '' then
    timers.set('hours', id, '0', math.min(change_at or math.huge, tx.now + DAY_MS))
  else
    timers.drop('hours', id, '0')
  end
  local was_open = gate.state(id).closed_at == ''
  if is_open and not was_open then
    flow.record('queue_opened', id, 'engine:hours', { shut_ms = string.format('%d', gate.lag(id)), closed_at = '' })
  elseif was_open and not is_open then
    flow.record('queue_closed', id, 'engine:hours', { closed_at = tx.now_text })
  end
  if not gate.stands_still(id) and call('ZCARD', keys.halted(id)) > 0 then timers.set('clock', id, '0', tx.now) end
end

return hours
