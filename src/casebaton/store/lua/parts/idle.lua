-- uses: config, tx, timers
-- An active case in which nothing happens for its channel's `idle_alert_ms` (0: never) raises an alert. A stay on a desk has one timer: each
-- event moves it, the next change of hands drops it.
local idle = {}

function idle.watch(c)
  local after_ms = config.channel(tx.settings, c.channel).idle_alert_ms
  if after_ms > 0 then timers.set('idle', c.id, c.baton, tx.now + after_ms) end
end

function idle.forget(c, baton)
  if config.channel(tx.settings, c.channel).idle_alert_ms > 0 then timers.drop('idle', c.id, baton) end
end

return idle
