-- uses: keys, list, classes, record, tx, timers, case, agent, queue, offers, alert, gate, describe, eligible, lines, turns
-- Cases that wait for one agent alone: for a required agent, or for a while for a preferred one. Membership and tier do not count for
-- who is named; everything else does.
local named = {}
local LOOK_AT = 32 -- cases of one queue that an agent is compared with
local SLICE = 20 -- cases or agents that one script looks at

-- As far as the channel's work goes; without one: for any work that asks for a connection.
function named.is_away(a, channel)
  return a.status == 'offline' or a.status == 'not_responding' or eligible.is_lost(a, channel)
end

local function may_have(a, c)
  return eligible.is_available(a, c.id) and eligible.fits(a, classes.of_work(c)) and eligible.has_skills(a, c.skills)
    and not offers.is_barred(c, a.id)
end

-- The preference is over: from now on anybody may have the case.
function named.release(c, reason)
  lines.leave(c)
  c.preferred_agent = ''
  case.record('case_relaxed', c, 'engine:match', nil, ',"reason":"' .. reason .. '"' .. describe.view(c))
end

-- The preference ends at `preferred_until`, in open time.
function named.arm(c)
  if c.preferred_agent == '' then return end
  timers.set('prefer', c.id, c.preferred_until, c.preferred_until + gate.lag(c.queue))
end

function named.is_early(c) return tonumber(c.preferred_until) > tx.now - gate.lag(c.queue) end

local function enter_line(c, a)
  lines.enter(c)
  if list.has(a.named, c.queue) then return end
  call('ZADD', keys.named(c.queue), 0, a.id)
  a.named = list.with(a.named, c.queue)
  record.touch_apart(a)
end

-- Offers the case to its named agent or lets it wait for that agent; false when it is released to everybody.
function named.place(c)
  local a = agent.load(classes.named_agent(c))
  if not a then -- it has left since: nobody would ever get what is for it alone
    c.required_agent = ''
    named.release(c, 'agent_removed')
    return false
  end
  local is_pushed = queue.load(c.queue).mode ~= 'pull' and not gate.is_stopped(c.queue)
  -- Whom this very script set free is served in a moment, with the best of all cases.
  if is_pushed and not a.is_freed and may_have(a, c) then
    offers.make(c, a, offers.decision('named', a.id))
    turns.publish(a)
    return true
  end
  if not named.is_away(a, c.channel) then
    enter_line(c, a)
  elseif c.required_agent ~= '' then
    enter_line(c, a)
    alert.raise('required_agent_away', c)
  else
    named.release(c, 'agent_away')
    return false
  end
  return true
end

-- The first case of a queue that waits for this agent and that it may have now.
function named.head(a, queue_id)
  if queue.load(queue_id).mode == 'pull' or gate.is_stopped(queue_id) then return nil end
  local ids = call('ZRANGE', keys.wait(classes.of_agent(queue_id, a.id)), 0, LOOK_AT - 1)
  if not ids[1] then
    call('ZREM', keys.named(queue_id), a.id)
    a.named = list.without(a.named, queue_id)
    record.touch_apart(a)
  end
  for _, id in ipairs(ids) do
    local c = case.load(id)
    if may_have(a, c) then return c end
  end
end

-- A slice of the agents for whom cases wait in a queue, by id; where to go on, or nil.
function named.slice(queue_id, after)
  local ids = call('ZRANGE', keys.named(queue_id), after == '' and '-' or '(' .. after, '+', 'BYLEX', 'LIMIT', 0, SLICE)
  return ids, #ids == SLICE and ids[SLICE] or nil
end

-- The agent is away: who only prefers it need not wait. In slices, since there may be many.
function named.attend(a)
  if not named.is_away(a) then return end
  for id in list.items(a.named) do timers.set('release', id .. '/' .. a.id, '0', tx.now) end
end

-- One slice, from a rank on; returns where to go on, or nil. `wait` is told whom to match afresh.
function named.release_slice(queue_id, a, from, wait)
  if not named.is_away(a) then return nil end
  local ids = call('ZRANGE', keys.wait(classes.of_agent(queue_id, a.id)), from, from + SLICE - 1)
  for _, id in ipairs(ids) do
    local c = case.load(id)
    if c.required_agent == '' and named.is_away(a, c.channel) then
      named.release(c, 'agent_away')
      wait(c)
    else
      from = from + 1
    end
  end
  return #ids == SLICE and string.format('%d', from) or nil
end

return named
