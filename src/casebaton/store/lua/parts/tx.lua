-- uses: keys, config, answers, record
-- One command's run: its head, engine time, log entries, touched records, and the writes that end it.
-- The state below is module-wide because a server runs one script at a time; `begin` sets all of it afresh.
--
-- Written for speed where it costs little clarity (per call, measured: a number put into a string 0.4–0.6 µs, redis.call 0.4 µs,
-- a field of HMGET 0.17 µs): numbers that are only passed on stay the strings they came as.
local tx = {}
local NOTHING = {}

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
  tx.position, tx.command = nil, ''
  tx.actor, tx.seed, tx.given_now = argv[2] .. ':' .. argv[3], argv[5], argv[6]
end

-- Head: workspace, role, subject, command id, seed, now. `scope` is the sender's (see the part of that name), or nil. Returns a refusal or nil.
function tx.begin(name, argv, scope)
  keys.open(argv[1])
  local meta = call('HMGET', keys.meta, 'seq', 'clock', 'tag', 'lost', 'unsettled', 'draining', 'takeable')
  if not meta[1] then return tx.refuse('NO_SUCH_WORKSPACE', 'there is no workspace ' .. argv[1]) end
  tx.role, tx.subject, tx.command, tx.seed = argv[2], argv[3], argv[4], argv[5]
  tx.actor = tx.role .. ':' .. tx.subject
  tx.scope = scope
  tx.seq, tx.seq_text, tx.lost, tx.unsettled = tonumber(meta[1]), meta[1], tonumber(meta[4]), tonumber(meta[5])
  tx.draining, tx.left = tonumber(meta[6]) or 0, {} -- how many queues are being drained, and which of them a case has left
  tx.takeable = tonumber(meta[7]) or 0 -- in how many classes cases may wait although somebody is ready
  tx.settings = config.of(meta[3])
  tx.epoch = tx.settings.epoch
  tx.now = tx.engine_time(argv[6], tonumber(meta[2]))
  tx.now_text = string.format('%d', tx.now)
  tx.minted, tx.cause, tx.position = 0, name, nil
  tx.class_states = {}
  tx.causes, tx.looked = {}, {} -- of classes: the part of that name
  record.begin()
  tx.waiting, tx.free = { nil }, { nil } -- cases and agents that `match.settle` has to look at; with room for one each
  tx.ticked = NOTHING -- what else of `meta` this run ends with: members for HSET
end

-- The first answer to this command id, if it was accepted before.
function tx.replay()
  if tx.command ~= '' then return answers.find(tx.actor, tx.command) end
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

local function answered(position, answer)
  if tx.command ~= '' then answers.remember(tx.actor, tx.command, position, answer, tx.now) end
  return { position, answer }
end

-- Ends a run that had nothing to change, be it a read (which has no command id) or a command whose wish was fulfilled already. That one
-- is remembered, too: sent again when others have come between, it must not undo them.
function tx.unchanged(answer) return answered(tx.last_position(), answer) end

-- A queue that is being drained has just lost the last case of its line.
local function tell_of_empty_lines()
  for id in pairs(tx.left) do
    if call('ZCARD', keys.line(id)) == 0 then
      tx.append('queue_empty', 'engine:queue', 'queue:' .. id .. ' all', ',"queue":"' .. id .. '"')
    end
  end
end

-- Ends a run that changed something: works out what is left for the end (`causes`, which stands above, puts that here), saves what was
-- touched, remembers the answer, returns {position, answer}. `kept` is what is remembered instead, where an answer says more than should lie about.
function tx.commit(answer, kept)
  tx.conclude()
  record.save_touched()
  tell_of_empty_lines()
  call('HSET', keys.meta, 'seq', tx.seq_text, 'clock', tx.now_text, unpack(tx.ticked))
  local done = answered(tx.last_position(), kept or answer)
  done[2] = answer
  return done
end

return tx
