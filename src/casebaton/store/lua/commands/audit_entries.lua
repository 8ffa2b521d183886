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

local function is_known(noun, work, class) return call('HEXISTS', keys[noun](work.queue), class) == 1 end

-- Cases that wait for one agent alone are in no class of their queue's.
local function is_waited_in(class)
  local work = classes.parse(class)
  return not work.channel or is_known('classes', work, class)
end

-- A class that was given up loses its members in slices.
local function may_have_ready(class)
  local work = classes.parse(class)
  return is_known('classes', work, class) or is_known('progress', work, class)
end

local CHECKS = {
  line = of_case(function(c, name) return c.state == 'waiting' and c.queue == name end),
  wait = of_case(function(c, name) return c.state == 'waiting' and classes.of(c) == name and is_waited_in(name) end),
  held = of_case(function(c, name) return c.state ~= 'waiting' and not case.is_ended(c) and (c.agent == name or c.target == name) end),
  waking = of_case(function(c, name) return c.state == 'parked' and c.wake_pending == '1' and c.agent == name end),
  customer = of_case(function(c, name) return not case.is_ended(c) and c.customer_key == name end),
  windows = function(member, name)
    local till, id = string.match(member, '^(%d+):(.+)$')
    local c = case.load(id)
    return c and (c.agent == name or c.target == name) and windows.is_held(c, name) and string.match(c.window, '%d+$') == till, c and c.state or 'no case'
  end,
  members = of_agent,
  kept = function(id, name)
    local a = agent.load(id)
    local c = a and a.reserved_case ~= '' and case.load(a.reserved_case)
    return c and c.queue == name, a and 'kept for ' .. a.reserved_case or 'no agent'
  end,
  ready = function(id, class)
    local belongs, found = of_agent(id, classes.parse(class).queue)
    return belongs and may_have_ready(class), found
  end,
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
