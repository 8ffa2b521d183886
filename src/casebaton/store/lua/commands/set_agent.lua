-- Creates or changes an agent: fields left empty stay, `-` stands for an empty list. Offers that the agent could not get any more are
-- taken back, uncounted; nothing else is taken away. A status that is set for the agent is as if it had chosen it.
-- args: agent create name team capacity interruptible_capacity queues skills tiers auto_accept status limits ring_factor name_keys
-- errors: UNKNOWN_CHANNEL UNKNOWN_AGENT UNKNOWN_QUEUE UNKNOWN_SKILL BAD_CAPACITY UNKNOWN_STATUS STATUS_NOT_ALLOWED OUT_OF_SCOPE
-- events: agent_updated offer_revoked agent_status_changed transfer_failed
local NUMBERS = { capacity = true, interruptible_capacity = true }
local LISTS = { queues = true, skills = true, tiers = true, limits = true }
local PLAIN = { ring_factor = '1' } -- what an empty field means

-- What the agent is to be: field by field as asked, else as it is.
local function wanted(a, asked)
  local found = {}
  for field, value in pairs(asked) do
    if value == '' then value = a[field]
    elseif NUMBERS[field] then value = tonumber(value)
    elseif LISTS[field] and value == '-' or value == PLAIN[field] then value = '' end
    found[field] = value
  end
  return found
end

local function refusal_of(a, new)
  if new.interruptible_capacity > new.capacity then
    return tx.refuse('BAD_CAPACITY', 'interruptible capacity ' .. new.interruptible_capacity .. ' is above capacity ' .. new.capacity)
  end
  for id in list.items(new.queues) do
    if not queue.open(id) and not list.has(a.queues, id) then return queue.unknown(id) end
  end
  for item in list.items(new.tiers) do
    local id = string.match(item, '^[^=]+')
    if not queue.open(id) and not list.value(a.tiers, id) then return queue.unknown(id) end
  end
  for item in list.items(new.limits) do
    local channel = string.match(item, '^[^=]+')
    if not queue.channel(channel) then return queue.unknown_channel(channel) end
  end
  if new.skills ~= a.skills then return guard.skills(new.skills) end
end

return function(args)
  local a = agent.load(args.agent)
  if not a and args.create == '' then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. args.agent) end
  local is_new = a == nil
  a = a or agent.create(args.agent)
  local refusal = scope.bars_agent(a)
  if refusal then return refusal end
  local new, is_changed = wanted(a, { name = args.name, team = args.team, capacity = args.capacity,
    interruptible_capacity = args.interruptible_capacity, queues = args.queues, skills = args.skills, tiers = args.tiers,
    auto_accept = args.auto_accept, limits = args.limits, ring_factor = args.ring_factor }), is_new
  if is_new and args.interruptible_capacity == '' then new.interruptible_capacity = math.min(a.interruptible_capacity, new.capacity) end
  refusal = refusal_of(a, new)
  if refusal then return refusal end
  local s
  if args.status ~= '' then
    s, refusal = statuses.chosen(a, args.status)
    if refusal then return refusal end
  end
  local is_put = s and (s.id ~= a.label or a.next_status ~= '')
  for field, value in pairs(new) do is_changed = is_changed or value ~= a[field] end
  if not is_changed and not is_put then return tx.unchanged('{' .. profile.members(a) .. '}') end
  local before = agent.memberships(a)
  for field, value in pairs(new) do a[field] = value end
  if is_new or args.name ~= '' then directory.enter(a.id, args.name_keys) end
  membership.renew(a, before)
  if is_changed then agent.record('agent_updated', a, tx.actor, profile.members(a)) end
  if is_new then
    call('ZADD', keys.agents, 0, a.id)
    call('DEL', keys.former(a.id)) -- counted in the agent from now on
  end
  moves.revoke_offers(a, tx.actor, 'capacity_lowered', function(c)
    return eligible.is_over_capacity(a, c.pool) or limits.are_exceeded(a, c.channel)
  end)
  moves.revoke_offers(a, tx.actor, 'not_eligible', function(c) return not eligible.is_meant(a, c) end)
  if is_put then leaving.change_status(a, s, s.channels, 'supervisor', tx.actor) else match.free(a) end
  match.settle()
  return tx.commit('{' .. profile.members(a) .. '}')
end
