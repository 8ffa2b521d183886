-- uses: keys, tx, timers, case, agent, queue, match, describe, eligible, room, windows
-- A case on its way from one agent to another: the sender owns it until the target has accepted, and both hold its units meanwhile.
local transfers = {}

-- Why the case cannot be offered to this agent now: a refusal, else nil.
function transfers.refusal(c, target)
  if target.id == c.agent then return tx.refuse('SAME_AGENT', target.id .. ' owns the case already', describe.brief(c)) end
  if target.id == c.target then return tx.refuse('SAME_AGENT', 'the case rings at ' .. target.id .. ' already', describe.brief(c)) end
  if not eligible.is_reachable(target, c.channel) or target.status ~= 'online' or target.next_status ~= '' or not eligible.accepts(target, c.channel) then
    return tx.refuse('TARGET_OFFLINE', target.id .. ' is not there for ' .. c.channel, describe.brief(c))
  end
  local lacking = not eligible.is_available(target) and 'no room for one more offer' or room.lacking(target, c, c.cost)
  if lacking then return tx.refuse('TARGET_FULL', target.id .. ' has ' .. lacking, describe.brief(c)) end
  return windows.taken(c, target.id, c.window, describe.brief(c))
end

function transfers.offer(c, target, actor, extra)
  c.target, c.target_baton, c.targeted_at = target.id, tx.mint(), tx.now_text
  c.target_at = timers.in_service(queue.channel(c.channel).ring_ms)
  agent.ring(target, c, 1)
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
  agent.unload(sender, c)
  agent.restart_idle(sender)
  agent.ring(target, c, -1)
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
