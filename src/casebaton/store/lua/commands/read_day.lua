-- What an agent has done since an instant, to the quarter hour, and the cases that ended in its hands last, newest first, as far as the sender may see
-- them. One that has gone on elsewhere since tells no more than that.
-- args: agent since_ms
-- errors: UNKNOWN_AGENT OUT_OF_SCOPE
-- flags: no-writes
local DAY_MS = 86400000

local function ended(c)
  local card = call('GET', keys.card(c.id))
  return ',"queue":"' .. c.queue .. '","channel":"' .. c.channel .. '","ended_at_ms":' .. c.state_at .. worked.member(c)
    .. (c.disposition ~= '' and ',"disposition":"' .. c.disposition .. '"' or '') .. (card and ',"card":' .. card or '')
end

local function recent(a)
  local found, told = {}, {}
  for _, id in ipairs(day.recent(a)) do
    local c = not told[id] and case.load(id)
    told[id] = true
    if c and scope.has_case(c) then
      local is_ours = case.is_ended(c) and c.agent == a.id
      found[#found + 1] = '{"case":"' .. id .. '","state":"' .. c.state .. '"' .. (is_ours and ended(c) or '') .. '}'
    end
  end
  return table.concat(found, ',')
end

return function(args)
  local a, refusal = guard.seen_agent(args.agent)
  if refusal then return refusal end
  local since = tonumber(args.since_ms) or tx.now - DAY_MS
  return tx.unchanged('{"agent":"' .. a.id .. '","at_ms":' .. tx.now_text .. ',' .. day.members(a, since) .. ',"recent":[' .. recent(a) .. ']}')
end
