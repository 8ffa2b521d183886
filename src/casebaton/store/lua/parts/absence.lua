-- uses: config, tx, timers
-- What an agent who is not there works on goes, when its time has come, as its channel says: the timers of that. `leaving` does it.
local absence = {}

-- The agent's work is looked at when it will have been gone for `next_ms`, if it is for `gone_ms` now (both in service).
function absence.await(a, gone_ms, next_ms)
  local baton = a.presence_at .. '/' .. string.format('%d', next_ms)
  if timers.has_deadline('lost', a.id, baton) then return end -- what came later goes with what was there, and does not keep it
  timers.set_deadline('lost', a.id, baton, timers.in_service(next_ms - gone_ms))
end

-- The agent works on the case from now on, by somebody else's wish: is it there at all? To have been gone counts from now, then.
function absence.receive(a, c)
  local channel = config.channel(tx.settings, c.channel)
  if a.status == 'offline' and channel.on_offline == 'return' then timers.set('offboard', a.id, '0', tx.now) end
  if a.presence == 'gone' and channel.on_lost == 'return' then absence.await(a, 0, channel.on_lost_after_ms) end
end

return absence
