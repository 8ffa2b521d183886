-- The case moves into another queue's line with its age; whoever held it is told and not offered it again for a while. Or its owner offers
-- it to another agent, and owns it until that one has accepted.
-- args: case baton queue reason agent
-- errors: CASE_NOT_FOUND STALE_BATON NOT_HOLDER WRONG_STATE UNKNOWN_QUEUE SAME_QUEUE TOO_MANY_CLASSES UNKNOWN_AGENT SAME_AGENT TARGET_OFFLINE TARGET_FULL
-- errors: WINDOW_TAKEN
-- errors: QUEUE_DRAINING QUEUE_FULL QUEUE_CLOSED OUT_OF_SCOPE
-- events: case_transferred transfer_offered transfer_failed
-- flags: allow-oom
local function to_agent(args, reason)
  local c, refusal = guard.held_case(args.case, args.baton, { active = true })
  if refusal then return refusal end
  local target = agent.load(args.agent)
  if not target then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. args.agent) end
  refusal = transfers.refusal(c, target)
  if refusal then return refusal end
  transfers.withdraw(c, tx.actor)
  transfers.offer(c, target, tx.actor, reason)
  match.settle()
  return tx.commit(describe.brief(c))
end

local function to_queue(args, reason)
  local c, refusal = guard.live_case(args.case, args.baton)
  if refusal then return refusal end
  local q = queue.open(args.queue)
  if not q then return queue.unknown(args.queue) end
  if c.queue == args.queue then
    return tx.refuse('SAME_QUEUE', 'the case is of queue ' .. c.queue .. ' already: return it instead', describe.brief(c))
  end
  refusal = gate.keeps_out(q, describe.brief(c)) or collection.full(args.queue, classes.of(c, args.queue))
  if refusal then return refusal end
  local a = c.agent ~= '' and agent.load(c.agent)
  if a and c.state ~= 'offered' then agent.restart_idle(a) end
  moves.requeue('case_transferred', c, tx.actor, reason, args.queue)
  if a then moves.cool(c, a, q.exclusion_ms) end
  match.settle()
  return tx.commit(describe.brief(c))
end

return function(args)
  local reason = args.reason ~= '' and ',"reason":"' .. args.reason .. '"' or ''
  if args.agent ~= '' then return to_agent(args, reason) end
  return to_queue(args, reason)
end
