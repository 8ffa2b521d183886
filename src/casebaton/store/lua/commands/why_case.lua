-- Why a case is where it is: a slice of the agents who might get it, each with the first condition that fails, by the match's own rule.
-- The slice is of `limit` agents from the one at `offset`, counted from 0; at most `show` of them are named, all are counted.
-- args: case offset limit show
-- errors: CASE_NOT_FOUND OUT_OF_SCOPE
-- flags: no-writes

-- The first condition that keeps the agent from the case, or nil; and when that ends, if it ends by itself.
local function first_failure(c, a, class)
  local failing
  if classes.named_agent(c) == a.id then
    failing = not eligible.has_skills(a, c.skills) and 'skills' or nil
  else
    failing = eligible.unqualified(a, class)
  end
  failing = failing or eligible.unavailable(a, c.id) or eligible.unfit(a, class)
  if failing then return failing end
  local cools_until = c.cooling > 0 and call('ZSCORE', keys.cooling(c.id), a.id)
  if cools_until then return 'cooling', cools_until end
  if windows.in_the_way(c, a.id, c.window) then return 'window' end
end

local function agent_json(a, failing, until_at)
  return '{"agent":"' .. a.id .. '","fails":' .. (failing and '"' .. failing .. '"' or 'null')
    .. (until_at and ',"until_ms":' .. string.format('%d', until_at) or '')
    .. (failing == 'reserved' and ',"reserved_case":"' .. a.reserved_case .. '"' or '') .. '}'
end

-- Every agent of the slice: how many fail by which condition, the first of them by name, and when the first cool-down ends.
local function agents_json(c, ids, show)
  local named, counts, cools_until, class = {}, {}, nil, classes.of_work(c)
  for i, id in ipairs(ids) do
    local a = agent.glance(id)
    local failing, until_at = first_failure(c, a, class)
    counts[failing or 'none'] = (counts[failing or 'none'] or 0) + 1
    until_at = tonumber(until_at)
    if until_at and (not cools_until or until_at < cools_until) then cools_until = until_at end
    if i <= show then named[i] = agent_json(a, failing, until_at) end
  end
  local members = {}
  for failing, count in pairs(counts) do members[#members + 1] = '"' .. failing .. '":' .. count end
  return ',"counts":{' .. table.concat(members, ',') .. '},"agents":[' .. table.concat(named, ',') .. ']'
    .. (cools_until and ',"cools_until_ms":' .. string.format('%d', cools_until) or '')
end

-- A slice of whom it might be offered to, and how many they are in all: whoever is named alone, else the queue's members.
local function candidates(c, from, limit)
  local named = classes.named_agent(c)
  if named ~= '' then
    local ids = agent.load(named) and { named } or {} -- it may have left since
    return from == 0 and ids or {}, #ids
  end
  local key = keys.members(c.queue)
  return call('ZRANGE', key, from, from + limit - 1), call('ZCARD', key)
end

-- Where it stands in its line, from 1; and what the line's class is doing.
local function place_json(c)
  if c.state ~= 'waiting' then return '' end
  local class = classes.of(c)
  return ',"place":' .. (call('ZRANK', keys.line(c.queue), c.id) + 1) .. ',"waiting":' .. call('ZCARD', keys.line(c.queue))
    .. ',"class_state":"' .. (queue.class_state(c.queue, class) or 'open') .. '"'
end

local function next_step_json(c)
  local at, step = plan.next_at(c)
  return at and ',"next_step":{"step":"' .. step.kind .. '","at_ms":' .. string.format('%d', at) .. '}' or ''
end

return function(args)
  local c, refusal = guard.seen_case(args.case)
  if refusal then return refusal end
  local ids, count = {}, 0
  if not case.is_ended(c) then ids, count = candidates(c, tonumber(args.offset), tonumber(args.limit)) end
  return tx.unchanged('{"at_ms":' .. tx.now_text .. ',"config":' .. tx.settings.version .. ',"mode":"' .. queue.load(c.queue).mode
    .. '",' .. gate.members(c.queue) .. ',"case":' .. describe.json(c) .. place_json(c) .. next_step_json(c)
    .. (c.reserved_agent ~= '' and ',"reserved_agent":"' .. c.reserved_agent .. '"' or '')
    .. (waits.is_on(c) and ',"waited":' .. waits.so_far(c) or '')
    .. agents_json(c, ids, tonumber(args.show))
    .. ',"candidates":' .. count .. '}')
end
