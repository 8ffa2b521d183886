-- For the audit: what is stored of a queue's state, and the classes that stop or go on against it, all at one position.
-- args: queue
-- flags: no-writes
local EITHER_WAY = { building = true, off = true }

local function disagreements(id)
  local found, is_stopped, rows = {}, gate.is_stopped(id), call('HGETALL', keys.classes(id))
  for i = 1, #rows, 2 do
    local state = rows[i + 1]
    if not EITHER_WAY[state] and (state == 'stopped') ~= is_stopped then found[#found + 1] = '"' .. rows[i] .. ' is ' .. state .. '"' end
  end
  return '[' .. table.concat(found, ',') .. ']'
end

return function(args)
  return tx.unchanged('{"log_seq":' .. string.format('%d', tx.seq) .. ',"queue":{' .. gate.facts(args.queue) .. '},"disagreements":'
    .. disagreements(args.queue) .. '}')
end
