-- uses: flag, list
-- An agent as JSON.
local profile = {}

local function array(list)
  return list == '' and '[]' or '["' .. string.gsub(list, ',', '","') .. '"]'
end

-- A list of `name=number` as a JSON object.
function profile.numbers(text)
  local members = {}
  for item in list.items(text) do members[#members + 1] = '"' .. string.gsub(item, '=', '":') end
  return '{' .. table.concat(members, ',') .. '}'
end

-- Skills and tiers as JSON.
local function abilities(a)
  local levels, dates = {}, {}
  for item in list.items(a.skills) do
    local name, level, since, till = string.match(item, '^([^=]+)=(%d+)~?(%d*)~?(%d*)$')
    levels[#levels + 1] = '"' .. name .. '":' .. level
    if since ~= '' then
      dates[#dates + 1] = '"' .. name .. '":{"since_ms":' .. since .. (till ~= '0' and ',"until_ms":' .. till or '') .. '}'
    end
  end
  return ',"skills":{' .. table.concat(levels, ',') .. '},"skill_dates":{' .. table.concat(dates, ',') .. '},"tiers":'
    .. profile.numbers(a.tiers)
end

-- What a change of status may change, as its event and the agent itself show it.
function profile.status_members(a)
  return '"status":"' .. a.status .. '","status_cause":"' .. a.status_cause .. '","channels":' .. array(a.channels)
    .. ',"label":"' .. a.label .. '","label_before":"' .. a.label_before .. '","channels_before":' .. array(a.channels_before)
    .. ',"next_status":"' .. a.next_status .. '"'
end

-- The agent as snapshots and pages show it; `agent_updated` leaves the load out.
function profile.members(a)
  return '"agent":"' .. a.id .. '","name":' .. cjson.encode(a.name) .. ',"team":' .. cjson.encode(a.team)
    .. ',' .. profile.status_members(a)
    .. ',"presence":"' .. a.presence .. '","capacity":' .. a.capacity
    .. ',"interruptible_capacity":' .. a.interruptible_capacity .. ',"missed":' .. a.missed .. ',"queues":' .. array(a.queues)
    .. (a.joined ~= '' and ',"queues_by_skill":' .. array(a.joined) or '') .. abilities(a)
    .. ',"auto_accept":' .. (a.auto_accept == '1' and 'true' or 'false')
    .. (a.limits ~= '' and ',"limits":' .. profile.numbers(a.limits) or '')
    .. (a.ring_factor ~= '' and ',"ring_factor":' .. a.ring_factor or '')
end

function profile.json(a)
  return '{' .. profile.members(a) .. ',"held_primary":' .. a.held_primary .. ',"held_interruptible":' .. a.held_interruptible
    .. ',"offers":' .. a.offers .. ',"idle_at_ms":' .. a.idle_at
    .. ',"waking":' .. a.waking
    .. (a.status_at ~= '' and ',"status_at_ms":' .. a.status_at or '') .. ',"presence_at_ms":' .. a.presence_at
    .. (a.reserved_case ~= '' and ',"reserved_case":"' .. a.reserved_case .. '"' or '')
    .. (a.channel_cases ~= '' and ',"channel_cases":' .. profile.numbers(a.channel_cases) or '')
    .. ',"flag":' .. flag.json(a) .. '}'
end

return profile
