-- For the audit: one agent, what it says of itself, what is really in its hands, and where the indexes disagree, all at one position.
-- args: agent
-- flags: no-writes
local SETTLED = { open = true, idle = true, dirty = true, again = true, stopped = true }

-- Units, offers and cases by channel that stand in the agent's hands.
local function hand(a)
  local sum, counted = { primary = 0, interruptible = 0, offers = 0 }, { channel_cases = '' }
  for _, id in ipairs(call('ZRANGE', keys.held(a.id), 0, -1)) do
    local c = case.load(id)
    if c and c.target == a.id then
      sum[c.pool] = sum[c.pool] + c.cost
      sum.offers = sum.offers + 1
      limits.shift(counted, c.channel, 1)
    elseif c and not case.is_ended(c) then
      sum[c.pool] = sum[c.pool] + case.units(c)
      if c.state == 'offered' then sum.offers = sum.offers + 1 end
      if limits.counts(c) then limits.shift(counted, c.channel, 1) end
    end
  end
  return string.sub(cjson.encode(sum), 1, -2) .. ',"channel_cases":' .. profile.numbers(counted.channel_cases) .. '}'
end

-- Found by its names, member of its queues' sets, and of the ready sets of every settled class that exists there.
local function disagreements(a)
  local found = { not directory.has(a.id) and '"names"' or nil }
  for id in list.items(agent.memberships(a)) do
    if not call('ZSCORE', keys.members(id), a.id) then found[#found + 1] = '"members:' .. id .. '"' end
    local classes = call('HGETALL', keys.classes(id))
    for i = 1, #classes, 2 do
      local class, state = classes[i], classes[i + 1]
      local could = SETTLED[state] and eligible.is_available(a) and eligible.fits(a, class) and eligible.qualifies(a, class) or false
      local is_ready = call('ZSCORE', keys.ready(class), a.id) and true or false
      if state ~= 'building' and is_ready ~= could then found[#found + 1] = '"ready:' .. class .. '"' end
    end
  end
  return '[' .. table.concat(found, ',') .. ']'
end

return function(args)
  local a, seq = agent.load(args.agent), string.format('%d', tx.seq)
  if not a then return tx.unchanged('{"log_seq":' .. seq .. '}') end
  return tx.unchanged('{"log_seq":' .. seq .. ',"agent":' .. profile.json(a) .. ',"hand":' .. hand(a) .. ',"disagreements":'
    .. disagreements(a) .. '}')
end
