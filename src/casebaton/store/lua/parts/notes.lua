-- uses: keys, digits, tx, case, describe
-- Texts on a case, for whoever works on it next. A note is never changed.
local notes = {}
local MOST = 100

local function count(c) return tonumber(c.notes) or 0 end

function notes.is_full(c) return count(c) >= MOST end

-- What the log and the list both keep: numbered from 1 in each case.
function notes.add(c, actor, kind, text)
  c.notes = digits.of(count(c) + 1)
  local note = '{"number":' .. c.notes .. ',"at_ms":' .. tx.now_text .. ',"actor":"' .. actor .. '","kind":"' .. kind
    .. '","text":' .. cjson.encode(text) .. '}'
  case.record('note_added', c, actor, nil, ',"note":' .. note .. describe.view(c))
  call('RPUSH', keys.notes(c.id), note)
end

function notes.json(c) return '[' .. table.concat(call('LRANGE', keys.notes(c.id), 0, -1), ',') .. ']' end

return notes
