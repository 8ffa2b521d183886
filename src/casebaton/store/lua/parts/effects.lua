-- uses: config, tx, case, agent, notes, steering
-- What the workspace's rules make of a change of hands. Each effect is an entry of its own, behind its cause and before the matches
-- that the cause makes; one that fails says so, and the change stands.
local effects = {}
local TEXT_BYTES = 4000 -- as many as the longest note that a command may write

-- JSON members of an effect that is no note.
local function about(c, change, rule)
  return ',"rule":' .. rule.number .. ',"on":"' .. change.kind .. '","case":"' .. c.id .. '","queue":"' .. c.queue .. '"'
end

local function reason_member(change) return change.reason ~= '' and ',"reason":"' .. change.reason .. '"' or '' end

-- Placeholders are named like the event's members.
local function filled(text, c, change)
  return (string.gsub(text, '{([%a_]+)}', { case = c.id, queue = c.queue, queue_before = change.queue_before, agent = c.agent,
    agent_before = change.agent_before, reason = change.reason }))
end

-- A note or a task. Returns why there is none, or nil.
local function write(c, change, rule)
  if notes.is_full(c) then return 'too_many_notes' end
  local text = filled(rule.text, c, change)
  if #text > TEXT_BYTES then return 'text_too_long' end
  notes.add(c, rule.actor, rule.action, text)
end

local function trigger(c, change, rule)
  tx.append('automation_triggered', rule.actor, 'queue:' .. c.queue, about(c, change, rule) .. ',"name":"' .. rule.text .. '","owner":"'
    .. c.owner .. (c.agent ~= '' and '","agent":"' .. c.agent or '')
    .. (change.agent_before ~= '' and '","agent_before":"' .. change.agent_before or '') .. '"' .. reason_member(change))
end

-- Whoever lost the case, unless they gave it away themselves.
local function notify(c, change, rule)
  local owner = change.owner_before
  if owner == c.owner or owner == change.actor or string.sub(owner, 1, 6) ~= 'agent:' then return end
  tx.append('owner_notified', rule.actor, owner, about(c, change, rule) .. ',"agent":"' .. string.sub(owner, 7) .. '","owner":"' .. c.owner
    .. '"' .. reason_member(change))
end

local function carry_out(c, change, rule)
  if rule.action == 'event' then return trigger(c, change, rule) end
  if rule.action == 'notify_previous_owner' then return notify(c, change, rule) end
  return write(c, change, rule)
end

local function applies(rule, c)
  return (rule.queue == '' or rule.queue == c.queue) and (rule.channel == '' or rule.channel == c.channel)
end

-- The slot that `case` leaves for whoever stands above it.
function case.follow(c, change)
  for _, rule in ipairs(config.effects(tx.settings, change.kind)) do
    local failure = applies(rule, c) and carry_out(c, change, rule)
    if failure then
      local to = 'queue:' .. c.queue .. steering.of_case(c, c.agent ~= '' and agent.load(c.agent) or nil)
      tx.append('effect_failed', rule.actor, to, about(c, change, rule) .. ',"reason":"' .. failure .. '"')
    end
  end
end

return effects
