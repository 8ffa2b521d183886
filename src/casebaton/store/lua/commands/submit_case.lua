-- Takes a producer's case in. The same id with the same body answers the case as it is now, whatever became of it.
-- `asks` is '' or a JSON object: cost, skills and additional_skills (as in `skills`), due_at, preferred_agent, preferred_ms,
-- required_agent, window (as in `windows`).
-- args: case queue channel priority created_at digest card data customer_key asks linked_case
-- errors: UNKNOWN_QUEUE UNKNOWN_CHANNEL UNKNOWN_SKILL UNKNOWN_AGENT CASE_EXISTS TOO_MANY_CLASSES
-- errors: QUEUE_DRAINING QUEUE_FULL QUEUE_CLOSED NO_WINDOWS
-- events: case_queued

local NOTHING = {}

-- Whoever served this customer last is preferred for a while, if the queue says so.
local function last_agent(q, customer_key)
  if q.affinity_ms == 0 or customer_key == '' then return nil end
  local id = call('GET', keys.affinity(q.id, customer_key))
  return id and agent.load(id) and id or nil
end

-- Its own skills and those that the workspace's rules ask for.
local function own_skills(args, q, asked)
  local levels = {}
  skills.add(levels, asked or skills.NONE)
  rules.add(levels, { queue = q.id, channel = args.channel }, args.card, args.data)
  return next(levels) and skills.text(levels) or ''
end

-- Parked, a case never holds more than it costs.
local function parked_cost(cost, channel)
  return tonumber(channel.parked_cost) > tonumber(cost) and cost or channel.parked_cost
end

local function new_case(args, asks, q, channel)
  local cost = asks.cost and string.format('%d', asks.cost) or channel.cost
  local preferred, wait_ms = asks.preferred_agent, asks.preferred_ms
  if not preferred and not asks.required_agent then preferred, wait_ms = last_agent(q, args.customer_key), q.affinity_wait_ms end
  local c = case.create(args.case, q.id)
  c.channel, c.pool, c.cost, c.parked_cost = args.channel, channel.pool, cost, parked_cost(cost, channel)
  c.priority, c.card, c.digest, c.customer_key, c.linked_case = args.priority, args.card, args.digest, args.customer_key, args.linked_case
  c.requested_at, c.age_at, c.created_at = tx.now_text, tx.now_text, args.created_at ~= '' and args.created_at or tx.now_text
  c.due_at = asks.due_at and string.format('%d', asks.due_at) or ''
  c.required_skills, c.additional_skills = own_skills(args, q, asks.skills), asks.additional_skills or ''
  if preferred then c.preferred_agent, c.preferred_until = preferred, string.format('%d', tx.now - gate.lag(q.id) + wait_ms) end
  c.required_agent, c.window = asks.required_agent or '', asks.window or ''
  plan.begin(c)
  targets.begin(c)
  c.score = order.score(c)
  return c
end

return function(args)
  local known = case.load(args.case)
  if known then
    local brief = describe.brief(known)
    if known.digest == args.digest then return tx.unchanged(brief) end
    return tx.refuse('CASE_EXISTS', 'case ' .. args.case .. ' exists with another body', brief)
  end
  local q = queue.open(args.queue)
  if not q then return queue.unknown(args.queue) end
  local channel = queue.channel(args.channel)
  if not channel then return queue.unknown_channel(args.channel) end
  local asks, refusal = NOTHING, nil
  if args.asks ~= '' then
    asks = cjson.decode(args.asks)
    refusal = guard.skills(asks.skills, asks.additional_skills) or guard.agents(asks.preferred_agent, asks.required_agent)
      or asks.window and windows.unknown(args.channel)
    if refusal then return refusal end
  end
  q, refusal = gate.entry(q)
  if refusal then return refusal end
  local c = new_case(args, asks, q, channel)
  refusal = collection.full(c.queue, classes.of_work(c))
  if refusal then return refusal end
  case.pass(c, 'waiting', '')
  local from = q.id ~= args.queue and ',"overflow_from":"' .. args.queue .. '"' or ''
  case.record('case_queued', c, tx.actor, nil, from .. describe.view(c) .. customers.member(c))
  case.vacate(c)
  customers.enter(c)
  call('SET', keys.card(c.id), args.card)
  if args.data ~= '' then call('SET', keys.data(c.id), args.data) end
  plan.arm(c)
  clocks.arm(c)
  named.arm(c)
  match.wait(c)
  match.settle()
  return tx.commit(describe.brief(c))
end
