-- Moves the checkpoint on and trims the log below it: `changes` is a JSON object of folded facts (null: gone) that `from` lacked and
-- `to` has. Refused when a rival moved it first, or when a reader stands behind `to` and still needs what lies between.
-- args: from to to_seq changes
-- errors: CHECKPOINT_MOVED
-- flags: allow-oom
local function parts(position)
  local ms, n = string.match(position, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(n)
end

local function is_before(x, y)
  local x_ms, x_n = parts(x)
  local y_ms, y_n = parts(y)
  return x_ms < y_ms or (x_ms == y_ms and x_n < y_n)
end

-- The first reader found behind a position; readers that have not said anything in time are forgotten.
local function straggler(position)
  local readers, found, silent = call('HGETALL', keys.readers), nil, {}
  for i = 1, #readers, 2 do
    local at, until_at = string.match(readers[i + 1], '^(%S+) (%d+)$')
    if tonumber(until_at) < tx.now then
      silent[#silent + 1] = readers[i]
    elseif is_before(at, position) then
      found = readers[i]
    end
  end
  return found, silent
end

return function(args)
  local present = call('HGET', keys.checkpoint, 'position') or '0-0'
  if present ~= args.from then return tx.refuse('CHECKPOINT_MOVED', 'the checkpoint is at ' .. present) end
  local reader, silent = straggler(args.to)
  if reader then return tx.refuse('CHECKPOINT_MOVED', 'reader ' .. reader .. ' stands behind ' .. args.to) end
  if silent[1] then call('HDEL', keys.readers, unpack(silent)) end
  for fact, value in pairs(cjson.decode(args.changes)) do
    if value == cjson.null then call('HDEL', keys.checkpoint, fact) else call('HSET', keys.checkpoint, fact, value) end
  end
  call('HSET', keys.checkpoint, 'position', args.to, 'log_seq', args.to_seq)
  call('XTRIM', keys.log, 'MINID', '=', args.to)
  return { args.to, '{}' }
end
