-- uses: tx
-- What is told of a case only while it stays in one state, such as how its wrap-up ends, and its stage: JSON members, each with a leading
-- comma.
local stay = {}

-- A deadline as clients read it: in engine time.
function stay.instant(deadline_at) return string.format('%d', deadline_at + tx.lost) end

local TELL = {}

-- A transfer to another agent that is still to be answered.
function TELL.active(c)
  if c.target == '' then return '' end
  return ',"target":"' .. c.target .. '","target_baton":"' .. c.target_baton .. '","target_deadline_at_ms":'
    .. stay.instant(c.target_at)
end

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
  return ',"deadline_at_ms":' .. stay.instant(c.deadline_at)
end

function stay.members(c)
  local tell = TELL[c.state]
  return deadline(c) .. (tell and tell(c) or '') .. (c.stage ~= '' and ',"stage":"' .. c.stage .. '"' or '')
end

return stay
