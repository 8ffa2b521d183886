-- uses: tx
-- What is told of a case only while it stays in one state, such as how its wrap-up ends: JSON members, each with a leading comma.
local stay = {}

local TELL = {}

function TELL.wrapping(c)
  return ',"ends_as":"' .. c.ends_as .. '","extensions":' .. c.extensions
    .. (c.disposition ~= '' and ',"disposition":"' .. c.disposition .. '"' or '')
end

function TELL.parked(c)
  return (c.wake_at ~= '0' and ',"wake_at_ms":' .. c.wake_at or '') .. (c.wake_pending == '1' and ',"wake_pending":true' or '')
end

-- An offer's or a wrap-up's end.
local function deadline(c)
  if c.deadline_at == '0' then return '' end
  return ',"deadline_at_ms":' .. string.format('%d', c.deadline_at + tx.lost)
end

function stay.members(c)
  local tell = TELL[c.state]
  return deadline(c) .. (tell and tell(c) or '')
end

return stay
