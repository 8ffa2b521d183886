-- uses: classes, config, gate, skills, tx
-- What a case asks of its agent beyond channel and cost.
local demands = {}

-- Asks the case for nothing beyond channel and cost, and is there no plan that could change that?
function demands.is_plain(c)
  return c.skills == skills.NONE and c.tier == classes.ALL_TIERS and c.preferred_agent == '' and c.required_agent == ''
    and config.queue(tx.settings, c.queue).plan == ''
end

-- As JSON members.
function demands.members(c)
  local named = c.required_agent ~= '' and ',"required_agent":"' .. c.required_agent .. '"'
    or c.preferred_agent ~= '' and ',"preferred_agent":"' .. c.preferred_agent .. '","preferred_until_ms":'
      .. string.format('%d', c.preferred_until + gate.lag(c.queue)) or ''
  return ',"skills":' .. skills.json(c.skills) .. ',"tier":"' .. c.tier .. '","plan_step":' .. (tonumber(c.plan_step) or 0) .. named
end

return demands
