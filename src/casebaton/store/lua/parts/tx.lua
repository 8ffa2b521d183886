-- uses: keys, config
-- One command's run: its head, engine time, log entries, touched records, and the writes that end it.
-- The state below is module-wide because a server runs one script at a time; `begin` sets all of it afresh.
--
-- Written for speed where it costs little clarity (per call, measured: a number put into a string 0.4–0.6 µs, redis.call 0.4 µs,
-- a field of HMGET 0.17 µs): numbers that are only passed on stay the strings they came as.
local tx = {}
local SMALL = {} -- small counts as text, printed once in the library's life
local REMEMBERED = 64 -- accepted commands per actor; older ones go in one sweep every so many

function tx.text(n)
  local text = SMALL[n]
  if text then return text end
  text = string.format('%d', n)
  if n <= 1000 then SMALL[n] = text end
  return text
end

-- Engine time: the server's clock or the caller's virtual one, but never back.
function tx.engine_time(given, last)
  local now = tonumber(given)
  if not now then
    local time = call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return math.max(now, last)
end

function tx.refuse(code, detail, current)
  return redis.error_reply(code .. ' {"detail":"' .. detail .. '"' .. (current and ',"current":' .. current or '') .. '}')
end

-- Before there is a workspace: only its keys and who asks.
function tx.begin_bare(argv)
  keys.open(argv[1])
  tx.position = nil
  tx.actor, tx.seed, tx.given_now = argv[2] .. ':' .. argv[3], argv[5], argv[6]
end

-- Head: workspace, role, subject, command id, seed, now. Returns a refusal or nil.
function tx.begin(name, argv)
  keys.open(argv[1])
  local meta = call('HMGET', keys.meta, 'seq', 'clock', 'tag', 'lost', 'unsettled')
  if not meta[1] then return tx.refuse('NO_SUCH_WORKSPACE', 'there is no workspace ' .. argv[1]) end
  tx.role, tx.subject, tx.command, tx.seed = argv[2], argv[3], argv[4], argv[5]
  tx.actor = tx.role .. ':' .. tx.subject
  tx.seq, tx.seq_text, tx.lost, tx.unsettled = tonumber(meta[1]), meta[1], tonumber(meta[4]), tonumber(meta[5])
  tx.settings = config.of(meta[3])
  tx.epoch = tx.settings.epoch
  tx.now = tx.engine_time(argv[6], tonumber(meta[2]))
  tx.now_text = string.format('%d', tx.now)
  tx.minted, tx.cause, tx.position = 0, name, nil
  tx.records, tx.touched, tx.buried, tx.class_states = {}, {}, {}, {}
  tx.waiting, tx.free = {}, {} -- cases and agents that `match.settle` has to look at
end

-- The first answer to this command id, if it was accepted before.
function tx.replay()
  if tx.command == '' then return nil end
  local seen = call('HMGET', keys.commands(tx.actor), tx.command, '#')
  tx.accepted = tonumber(seen[2]) or 0
  if not seen[1] then return nil end
  local _, position, answer = string.match(seen[1], '^(%d+) (%S+) (.*)$')
  return { position, answer }
end

local function forget_old(key)
  local seen = call('HGETALL', key)
  for i = 1, #seen, 2 do
    local number = seen[i] ~= '#' and tonumber(string.match(seen[i + 1], '^%d+'))
    if number and number <= tx.accepted - REMEMBERED then call('HDEL', key, seen[i]) end
  end
end

local function remember(answer)
  local key = keys.commands(tx.actor)
  tx.accepted = tx.accepted + 1
  local number = string.format('%d', tx.accepted)
  call('HSET', key, tx.command, number .. ' ' .. tx.position .. ' ' .. answer, '#', number)
  if tx.accepted % REMEMBERED == 0 then forget_old(key) end
end

function tx.mint()
  tx.minted = tx.minted + 1
  return tx.seed .. '.' .. tx.minted
end

-- Appends one entry: `to` are its topics, `fields` its JSON members, each with a leading comma.
function tx.append(kind, actor, to, fields)
  tx.seq = tx.seq + 1
  local seq = string.format('%d', tx.seq)
  tx.seq_text = seq
  tx.position = call('XADD', keys.log, '*', 'to', seq .. ' ' .. to, 'body', '{"type":"' .. kind .. '","log_seq":' .. seq
    .. ',"at_ms":' .. tx.now_text .. ',"config":' .. tx.settings.version .. ',"actor":"' .. actor .. '","cause":"' .. tx.cause .. '"'
    .. fields .. '}')
  return tx.position
end

-- The log's last position: where an answer that changed nothing stands.
function tx.last_position()
  return tx.position or call('XREVRANGE', keys.log, '+', '-', 'COUNT', 1)[1][1]
end

function tx.unchanged(answer) return { tx.last_position(), answer } end

-- A record is a hash, loaded once a run and saved at its end if touched. Its `fields` are read at once (`loaded`: as they were);
-- its `details` only when one of them is first asked for.
local function read_details(record, field)
  local details = record.details
  local values = call('HMGET', record.key, unpack(details))
  record.details_loaded = values
  setmetatable(record, nil)
  for i = 1, #details do
    if record[details[i]] == nil then record[details[i]] = values[i] end
  end
  return record[field]
end

local LAZY = {
  __index = function(record, field)
    for _, detail in ipairs(rawget(record, 'details')) do
      if detail == field then return read_details(record, field) end
    end
  end,
}

function tx.keep(record)
  tx.records[record.key] = record
  return setmetatable(record, LAZY)
end

function tx.touch(record)
  if rawget(record, 'is_touched') then return end
  record.is_touched = true
  tx.touched[#tx.touched + 1] = record
end

local NONE = {}

local function save(record)
  local changes, n, fields, loaded = { 'HSET', record.key }, 2, record.fields, record.loaded
  for i = 1, #fields do
    local field = fields[i]
    local value = record[field]
    if value ~= loaded[i] then
      if type(value) == 'number' then value = tx.text(value) end -- printed by redis.call it would cost ten times as much
      changes[n + 1], changes[n + 2] = field, value
      n = n + 2
    end
  end
  local details = record.details
  loaded = rawget(record, 'details_loaded') or NONE
  for i = 1, #details do
    local value = rawget(record, details[i])
    if value ~= nil and value ~= loaded[i] then
      changes[n + 1], changes[n + 2] = details[i], value
      n = n + 2
    end
  end
  if n > 2 then call(unpack(changes)) end
end

-- Ends a run that changed something: saves what was touched, remembers the answer, returns {position, answer}.
function tx.commit(answer)
  for i = 1, #tx.touched do save(tx.touched[i]) end
  for i = 1, #tx.buried do call('PEXPIRE', tx.buried[i], tx.settings.retention_ms) end
  call('HSET', keys.meta, 'seq', tx.seq_text, 'clock', tx.now_text)
  tx.position = tx.last_position()
  if tx.command ~= '' then remember(answer) end
  return { tx.position, answer }
end

return tx
