-- uses: list, record, tx
-- An agent's raised hand: one at a time, until the agent lowers it or somebody who steers answers. Its text is people's own.
local flag = {}

-- Topics are parted by spaces, and a team may have any name.
local function escaped(text)
  return (string.gsub(text, '[^A-Za-z0-9._~-]', function(c) return string.format('%%%02X', string.byte(c)) end))
end

-- The agent, and those who steer: everybody, or within a scope the agent's team or queues.
local function audience(a)
  local to = 'agent:' .. a.id .. ' steering'
  if a.team ~= '' then to = to .. ' steering/team:' .. escaped(a.team) end
  for id in list.items(a.queues) do to = to .. ' steering/queue:' .. id end
  for id in list.items(a.joined) do to = to .. ' steering/queue:' .. id end
  return to
end

function flag.is_raised(a) return a.flag_at ~= '' end

-- What the flag is about, as JSON members, each with a leading comma.
function flag.about(case_id, text)
  return (case_id ~= '' and ',"case":"' .. case_id .. '"' or '') .. (text ~= '' and ',"text":' .. cjson.encode(text) or '')
end

function flag.json(a)
  return flag.is_raised(a) and '{"raised_at_ms":' .. a.flag_at .. flag.about(a.flag_case, a.flag_text) .. '}' or 'null'
end

function flag.answer(a) return '{"agent":"' .. a.id .. '","flag":' .. flag.json(a) .. '}' end

-- One change of the agent's flag. `members` are JSON, each with a leading comma.
function flag.record(kind, a, actor, members)
  tx.append(kind, actor, audience(a), ',"agent":"' .. a.id .. '"' .. members)
  record.touch(a)
end

function flag.raise(a, case_id, text) a.flag_at, a.flag_case, a.flag_text = tx.now_text, case_id, text end

function flag.clear(a) a.flag_at, a.flag_case, a.flag_text = '', '', '' end

return flag
