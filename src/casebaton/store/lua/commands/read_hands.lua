-- A page of the workspace's agents by id, each with the cases in its hands as `[case, state, queue]`: what an overview begins with. `after`
-- is the last page's last agent or empty.
-- args: after limit
-- flags: no-writes
local TOLD = 1000 -- cases that a page tells, and what the last agent has above that

-- Of each case only what is told: thousands may be in hand. What a colleague wants to hand over is still the colleague's.
local function hand_json(a)
  local found = {}
  for _, id in ipairs(call('ZRANGE', keys.held(a.id), 0, -1)) do
    local c = case.glance(id)
    if c.agent == a.id then found[#found + 1] = '["' .. id .. '","' .. c.state .. '","' .. c.queue .. '"]' end
  end
  return '[' .. table.concat(found, ',') .. ']', #found
end

return function(args)
  local limit, found, told = tonumber(args.limit), {}, 0
  local ids = call('ZRANGE', keys.agents, args.after == '' and '-' or '(' .. args.after, '+', 'BYLEX', 'LIMIT', 0, limit)
  for i, id in ipairs(ids) do
    local a = agent.load(id)
    local hand, count = hand_json(a)
    found[i], told = '{"agent":' .. profile.json(a) .. ',"hand":' .. hand .. '}', told + count
    if told >= TOLD then break end
  end
  local is_last = #found == #ids and #ids < limit
  return tx.unchanged('{"items":[' .. table.concat(found, ',') .. ']' .. (is_last and '' or ',"next_cursor":"' .. ids[#found] .. '"') .. '}')
end
