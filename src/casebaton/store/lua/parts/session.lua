-- uses: list, config, tx, agent, queue, statuses, gate, describe, profile
-- What a client is shown when it arrives: JSON that the events after its position continue.
local session = {}

local function cases_json(a, cases)
  for i, c in ipairs(cases) do cases[i] = describe.json(c, nil, a.id) end
  return '[' .. table.concat(cases, ',') .. ']'
end

-- What the agent owns, of what is in its hands: newest first, and not all when that is too much.
local function owned(a)
  local found = {}
  for _, c in ipairs(agent.held_cases(a)) do
    if c.state ~= 'offered' and c.target ~= a.id then found[#found + 1] = c end
  end
  return found
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
  return '{"at_ms":' .. tx.now_text .. ',"agent":' .. profile.json(a) .. ',"offers":' .. cases_json(a, agent.ringing_cases(a)) .. ',"desk":' .. cases_json(a, owned(a))
    .. (agent.holds_more(a) and ',"truncated":true' or '')
    .. ',"queues":' .. queues_json(a)
    .. ',"statuses":' .. statuses_json(a)
    .. ',"channels":' .. config.summaries(tx.settings) .. '}'
end

return session
