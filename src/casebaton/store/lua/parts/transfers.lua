-- uses: keys, tx, timers, case, classes, agent, queue, match, describe, eligible, room, windows, day
-- A case on its way from one agent to another: the sender owns it until the target has accepted, and both hold its units meanwhile.
local transfers = {}

local AWAY = { status = true, next_status = true, presence = true, channel = true }

-- What keeps the case from being offered to this agent now, in the words of `why`, or nil.
function transfers.lacks(c, target)
  local absent, unfit = eligible.absent(target), eligible.unfit(target, classes.of_work(c))
  local lacks = absent or AWAY[unfit] and unfit or eligible.unavailable(target) or unfit
  return lacks or windows.in_the_way(c, target.id, c.window) and 'window' or nil
end

-- Why it cannot: a refusal, else nil.
function transfers.refusal(c, target)
  if target.id == c.agent then return tx.refuse('SAME_AGENT', target.id .. ' owns the case already', describe.brief(c)) end
  if target.id == c.target then return tx.refuse('SAME_AGENT', 'the case rings at ' .. target.id .. ' already', describe.brief(c)) end
  local lacks = transfers.lacks(c, target)
  if AWAY[lacks] then return tx.refuse('TARGET_OFFLINE', target.id .. ' is not there for ' .. c.channel, describe.brief(c)) end
  if lacks == 'window' then return windows.taken(c, target.id, c.window, describe.brief(c)) end
  if not lacks then return nil end
  local lacking = (lacks == 'room' or lacks == 'limit') and room.lacking(target, c, c.cost) or 'no room for one more offer'
  return tx.refuse('TARGET_FULL', target.id .. ' has ' .. lacking, describe.brief(c))
end

function transfers.offer(c, target, actor, extra)
  c.target, c.target_baton, c.targeted_at = target.id, tx.mint(), tx.now_text
  c.target_at = timers.in_service(agent.ring_ms(target, queue.channel(c.channel)))
  agent.ring(target, c, 1)
  day.count(target, 'offered')
  case.record('transfer_offered', c, actor, target, extra .. describe.view(c))
  case.vacate(c)
  call('ZADD', keys.held(target.id), tx.now_text, c.id)
  timers.set_deadline('transfer', c.id, c.target_baton, c.target_at)
  match.free(target)
end

-- It came to nothing: the sender goes on as if nothing had happened.
function transfers.fail(c, actor, reason, extra)
  local target = agent.load(c.target)
  agent.ring(target, c, -1)
  c.target = ''
  case.record('transfer_failed', c, actor, target, ',"reason":"' .. reason .. '"' .. (extra or ''))
  case.vacate(c)
  match.free(target)
end

-- Whatever else moves the case ends its transfer first.
function transfers.withdraw(c, actor)
  if c.target ~= '' then transfers.fail(c, actor, 'withdrawn') end
end

function transfers.accept(c, actor)
  local sender, target = agent.load(c.agent), agent.load(c.target)
  agent.release(sender, c, 'handed_on')
  agent.restart_idle(sender)
  agent.ring(target, c, -1)
  day.count(target, 'accepted')
  c.target = ''
  case.pass(c, 'active', target.id)
  agent.load_with(target, c)
  target.missed = 0
  case.record('case_transferred', c, actor, target, describe.view(c), sender)
  case.vacate(c)
  match.free(sender)
  match.free(target)
end

return transfers
