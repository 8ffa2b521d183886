-- For the audit: a slice of cases (ids joined by commas) with the places that claim each of them, all at one position.
-- args: cases
-- flags: no-writes
local function stands(key, member, score) return tonumber(call('ZSCORE', key, member) or nil) == tonumber(score) end

local PLACES = {
  line = function(c) return stands(keys.line(c.queue), c.id, c.score) end,
  wait = function(c) return stands(keys.wait(classes.of(c)), c.id, c.score) end,
  held = function(c) return c.agent ~= '' and call('ZSCORE', keys.held(c.agent), c.id) end,
  offer = function(c) return stands(keys.deadlines, 'offer:' .. c.id .. ':' .. c.baton, c.deadline_at) end,
  wrap = function(c) return stands(keys.deadlines, 'wrap:' .. c.id .. ':' .. c.baton, c.deadline_at) end,
  customer = function(c) return c.customer_key ~= '' and stands(keys.customer(c.customer_key), c.id, c.requested_at) end,
  target = function(c) return c.target ~= '' and call('ZSCORE', keys.held(c.target), c.id) end,
  transfer = function(c)
    return c.target ~= '' and stands(keys.deadlines, 'transfer:' .. c.id .. ':' .. c.target_baton, c.target_at)
  end,
  wake = function(c)
    return c.state == 'parked' and c.wake_at ~= '' and stands(keys.timers, 'wake:' .. c.id .. ':' .. c.baton, c.wake_at)
  end,
  waking = function(c)
    return c.agent ~= '' and call('ZSCORE', keys.waking(c.agent), c.id)
      and call('ZSCORE', keys.timers, 'waking:' .. c.id .. ':' .. c.baton)
  end,
  window = function(c) return windows.is_held(c, c.agent) end,
  target_window = function(c) return windows.is_held(c, c.target) end,
  card = function(c) return call('EXISTS', keys.card(c.id)) == 1 end,
  cooling_miscounted = function(c) return call('ZCARD', keys.cooling(c.id)) ~= c.cooling end,
  target_untimed = clocks.is_untimed,
  reserved = function(c)
    local a = c.reserved_agent ~= '' and agent.load(c.reserved_agent)
    return a and a.reserved_case == c.id and call('ZSCORE', keys.kept(c.queue), a.id) and timers.is_set('reserve', c.id, c.baton)
  end,
  notes_miscounted = function(c) return call('LLEN', keys.notes(c.id)) ~= (tonumber(c.notes) or 0) end,
}
local LEFT_OVER = { card = keys.card, data = keys.data, cooling = keys.cooling, notes = keys.notes }

local function names(list)
  table.sort(list)
  return list[1] and '["' .. table.concat(list, '","') .. '"]' or '[]'
end

local function live(c)
  local places = {}
  for name, claims in pairs(PLACES) do
    if claims(c) then places[#places + 1] = name end
  end
  return '"queue":"' .. c.queue .. '","agent":"' .. c.agent .. '","baton":"' .. c.baton .. '","revision":' .. c.revision
    .. ',"score":' .. c.score .. ',"channel":"' .. c.channel .. '","pool":"' .. c.pool .. '","cost":' .. c.cost
    .. ',"priority":' .. c.priority .. ',"skills":' .. skills.json(c.skills) .. ',"tier":"' .. c.tier .. '"'
    .. ',"notes":' .. (tonumber(c.notes) or 0) .. ',"places":' .. names(places)
    .. ',"stage":"' .. c.stage .. '"' .. windows.member(c)
    .. ',"queued_at_ms":' .. c.queued_at .. ',"parked_cost":' .. c.parked_cost .. ',"customer":"' .. c.customer_key .. '"'
    .. (c.reserved_agent ~= '' and ',"reserved_agent":"' .. c.reserved_agent .. '"' or '')
    .. (c.target ~= '' and ',"target":"' .. c.target .. '","target_baton":"' .. c.target_baton .. '"' or '')
    .. (c.state == 'parked' and ',"wake_at":' .. (c.wake_at ~= '' and c.wake_at or '0')
      .. ',"wake_pending":' .. tostring(c.wake_pending == '1') or '')
end

-- What an ended or unknown case should have left nothing of. A closed one may be reopened: it keeps what it says.
local function left_over(id, is_closed)
  local found = {}
  for name, key in pairs(LEFT_OVER) do
    if (name == 'cooling' or not is_closed) and call('EXISTS', key(id)) == 1 then found[#found + 1] = name end
  end
  return '"places":' .. names(found)
end

return function(args)
  local found = {}
  for id in list.items(args.cases) do
    local c = case.load(id)
    found[#found + 1] = '{"case":"' .. id .. '","state":"' .. (c and c.state or '') .. '",'
      .. (c and not case.is_ended(c) and live(c) or left_over(id, c and c.state == 'closed')) .. '}'
  end
  return tx.unchanged('{"log_seq":' .. string.format('%d', tx.seq) .. ',"cases":[' .. table.concat(found, ',') .. ']}')
end
