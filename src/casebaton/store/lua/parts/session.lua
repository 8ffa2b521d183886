-- uses: list, tx, agent, queue, statuses, gate, describe, profile
-- What a client is shown when it arrives: JSON that the events after its position continue.
local session = {}

local function cases_json(a, cases, ringing)
  local found = {}
  for _, c in ipairs(cases) do
    local rings = c.state == 'offered' or c.target == a.id
    if rings == ringing then found[#found + 1] = describe.json(c, nil, a.id) end
  end
  return '[' .. table.concat(found, ',') .. ']'
end

local function queues_json(a)
  local found = {}
  for id in list.items(agent.memberships(a)) do
    local q = queue.load(id)
    if q then found[#found + 1] = gate.json(q) end
  end
  return '[' .. table.concat(found, ',') .. ']'
end

local function statuses_json(a)
  local found = {}
  for i, s in ipairs(statuses.open_to(a)) do found[i] = '{"status":"' .. s.id .. '","kind":"' .. s.kind .. '"}' end
  return '[' .. table.concat(found, ',') .. ']'
end

function session.snapshot(a)
  local cases = agent.held_cases(a)
  return '{"at_ms":' .. tx.now_text .. ',"agent":' .. profile.json(a) .. ',"offers":' .. cases_json(a, cases, true) .. ',"desk":' .. cases_json(a, cases, false)
    .. ',"queues":' .. queues_json(a)
    .. ',"statuses":' .. statuses_json(a) .. '}'
end

return session
