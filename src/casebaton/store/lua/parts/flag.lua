-- uses: record, steering, tx
-- An agent's raised hand: one at a time, until the agent lowers it or somebody who steers answers. Its text is people's own.
local flag = {}

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
  tx.append(kind, actor, 'agent:' .. a.id .. steering.of_agent(a), ',"agent":"' .. a.id .. '"' .. members)
  record.touch(a)
end

function flag.raise(a, case_id, text) a.flag_at, a.flag_case, a.flag_text = tx.now_text, case_id, text end

function flag.clear(a) a.flag_at, a.flag_case, a.flag_text = '', '', '' end

return flag
