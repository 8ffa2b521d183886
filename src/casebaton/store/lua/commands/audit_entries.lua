-- For the audit: members of one sorted set (joined by commas) that stand in it wrongly, all at one position.
-- args: noun name members
-- flags: no-writes
local function of_case(belongs)
  return function(id, name)
    local c = case.load(id)
    return c and belongs(c, name), c and c.state .. ' ' .. case.owner(c) or 'no case'
  end
end

local function of_agent(id, queue)
  local a = agent.load(id)
  return a and agent.is_member(a, queue), a and 'member of ' .. agent.memberships(a) or 'no agent'
end

local CHECKS = {
  line = of_case(function(c, name) return c.state == 'waiting' and c.queue == name end),
  wait = of_case(function(c, name) return c.state == 'waiting' and classes.of(c) == name end),
  held = of_case(function(c, name) return c.state ~= 'waiting' and not case.is_ended(c) and (c.agent == name or c.target == name) end),
  waking = of_case(function(c, name) return c.state == 'parked' and c.wake_pending == '1' and c.agent == name end),
  customer = of_case(function(c, name) return not case.is_ended(c) and c.customer_key == name end),
  members = of_agent,
  ready = function(id, class) return of_agent(id, string.match(class, '^[^/]+')) end,
}

return function(args)
  local wrong, set = {}, keys[args.noun](args.name)
  for id in list.items(args.members) do
    local belongs, found = CHECKS[args.noun](id, args.name)
    if not belongs and call('ZSCORE', set, id) then
      wrong[#wrong + 1] = '{"member":"' .. id .. '","found":"' .. found .. '"}'
    end
  end
  return tx.unchanged('{"log_seq":' .. string.format('%d', tx.seq) .. ',"wrong":[' .. table.concat(wrong, ',') .. ']}')
end
