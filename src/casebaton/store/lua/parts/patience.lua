-- uses: config, tx, timers
-- How long a case stands in its line before an agent is kept free for it: its channel's `reserve_after_ms` (0: for ever). A stay in the line
-- has one timer, which is set anew until the stay ends.
local patience = {}

local function limit_ms(c) return config.channel(tx.settings, c.channel).reserve_after_ms end

-- The case enters its line, or comes back into it at another place.
function patience.begin(c)
  if limit_ms(c) > 0 and not timers.is_set('reserve', c.id, c.baton) then patience.renew(c) end
end

function patience.renew(c)
  if limit_ms(c) > 0 then timers.set('reserve', c.id, c.baton, tx.now + limit_ms(c)) end
end

function patience.forget(c, baton)
  if limit_ms(c) > 0 or c.reserved_agent ~= '' then timers.drop('reserve', c.id, baton) end
end

return patience
