-- uses: list
-- The topics of whoever steers: `steering` for all of the workspace, and for each scope its teams' and its queues'. Every text begins with
-- a space.
local steering = {}

-- Topics are parted by spaces, and a team may have any name.
local function escaped(text)
  return (string.gsub(text, '[^A-Za-z0-9._~-]', function(c) return string.format('%%%02X', string.byte(c)) end))
end

local function of_team(a) return a.team ~= '' and ' steering/team:' .. escaped(a.team) or '' end

-- Who steers the agent: by its team, or by its queues.
function steering.of_agent(a)
  local to = ' steering' .. of_team(a)
  for id in list.items(a.queues) do to = to .. ' steering/queue:' .. id end
  for id in list.items(a.joined) do to = to .. ' steering/queue:' .. id end
  return to
end

-- Who steers the case: by its queue, or by the team of whoever has it (`a`, or nil).
function steering.of_case(c, a) return ' steering steering/queue:' .. c.queue .. (a and of_team(a) or '') end

return steering
