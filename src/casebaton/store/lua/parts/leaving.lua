-- uses: keys, tx, timers, case, transfers, queue, statuses, match, moves, eligible, lines, absence
-- What becomes of an agent's work when its status changes, when it goes offline or is lost: what is owned goes as its channel says; parked
-- cases stay, nobody works on them. Or when who steers takes everything away.
local leaving = {}
local SLICE = 25 -- cases a script returns
local LOOK_AT = 200 -- cases in hand among which it finds them
local AT_WORK = { active = true, wrapping = true }

-- Another status, and the open offers that do not go with it are taken back, uncounted.
function leaving.change_status(a, s, channels, cause, actor)
  statuses.set(a, s, channels, cause, actor)
  moves.revoke_offers(a, actor, 'agent_' .. s.kind, function(c)
    return s.kind ~= 'online' or not eligible.accepts(a, c.channel)
  end)
  match.free(a)
end

-- The status comes when the primary work is done: at once when there is none. Until then nothing new is offered.
function leaving.change_when_done(a, s, channels, cause, actor)
  if not statuses.has_primary_work(a) then return leaving.change_status(a, s, channels, cause, actor) end
  statuses.set_next(a, s, channels, cause, actor)
  moves.revoke_offers(a, actor, 'next_status')
  match.free(a)
end

-- Returns cases whose channel is `wanted`, with their age: a slice of what is in hand, from behind `after` (`since/case`; else from
-- the first) on. Where to go on, or nil.
local function return_slice(a, reason, after, wanted)
  local key, returned = keys.held(a.id), 0
  local since, last = string.match(after, '^(%d+)/(.+)$')
  local first = since and lines.rank_behind(key, since, last) or 0
  local rows = call('ZRANGE', key, first, first + LOOK_AT - 1, 'WITHSCORES')
  for i = 1, #rows, 2 do
    local c = case.load(rows[i])
    if AT_WORK[c.state] and c.agent == a.id and wanted(queue.channel(c.channel)) then
      if returned == SLICE then return after end
      moves.hand_back(c, 'engine:timers', reason, 'keep')
      returned = returned + 1
    end
    after = rows[i + 1] .. '/' .. rows[i]
  end
  return #rows == 2 * LOOK_AT and after or nil
end

-- The agent is offline. Its timer was set when it went: back before that, it keeps everything.
function leaving.offboard(a, after)
  local reason = a.status_cause == 'shift_end' and 'shift_end' or 'agent_offline'
  local rest = return_slice(a, reason, after, function(channel) return channel.on_offline == 'return' end)
  if rest then timers.set('offboard', a.id, rest, tx.now) end
end

-- The agent has been gone for so long (in service). The next channel's time is a deadline, so that no outage brings it nearer.
function leaving.lose(a, gone_ms, after)
  local next_ms
  local rest = return_slice(a, 'agent_lost', after, function(channel)
    if channel.on_lost ~= 'return' then return false end
    if channel.on_lost_after_ms > gone_ms then next_ms = math.min(next_ms or channel.on_lost_after_ms, channel.on_lost_after_ms) end
    return channel.on_lost_after_ms <= gone_ms
  end)
  if next_ms then absence.await(a, gone_ms, next_ms) end
  if rest then timers.set_deadline('lost', a.id, a.presence_at .. '/' .. gone_ms .. '/' .. rest, timers.in_service(0)) end
end

local function take_away(c, a, actor, reason)
  if c.target == a.id then return transfers.fail(c, actor, reason) end
  if c.state ~= 'offered' then return moves.hand_back(c, actor, reason, 'keep') end
  moves.revoke(c, actor, reason)
  moves.cool(c, a, queue.load(c.queue).exclusion_ms)
end

-- Everything goes back from the agent's hands with its age, newest first, a slice a script. `before` is the command's instant, for its
-- later slices: what the agent has got since then is not meant.
function leaving.empty_hands(a, actor, reason, before)
  local ids = call('ZRANGE', keys.held(a.id), before and '(' .. before or '+inf', '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, SLICE)
  for _, id in ipairs(ids) do take_away(case.load(id), a, actor, reason) end
  if #ids < SLICE then return end
  timers.set('requeue', a.id, (before or tx.now_text) .. '/' .. string.gsub(actor, ':', '/') .. '/' .. reason, tx.now)
end

return leaving
