-- Why a case is where it is: a slice of the agents who might get it, each with the first condition that fails, by the match's own rule.
-- `after` is the last slice's last agent or empty; at most `show` agents are named, all are counted.
-- args: case after limit show
-- errors: CASE_NOT_FOUND OUT_OF_SCOPE
-- flags: no-writes

-- The first condition that keeps the agent from the case, or nil; and when that ends, if it ends by itself.
local function first_failure(c, a)
  local class = classes.of_work(c)
  local failing
  if classes.named_agent(c) == a.id then
    failing = not eligible.has_skills(a, c.skills) and 'skills' or nil
  else
    failing = eligible.unqualified(a, class)
  end
  failing = failing or eligible.unavailable(a) or eligible.unfit(a, class)
  if failing then return failing end
  local cools_until = c.cooling > 0 and call('ZSCORE', keys.cooling(c.id), a.id)
  if cools_until then return 'cooling', cools_until end
end

local function agent_json(id, failing, until_at)
  return '{"agent":"' .. id .. '","fails":' .. (failing and '"' .. failing .. '"' or 'null')
    .. (until_at and ',"until_ms":' .. string.format('%d', until_at) or '') .. '}'
end

-- Every agent of the slice: how many fail by which condition, the first of them by name, and when the first cool-down ends.
local function agents_json(c, ids, show)
  local named, counts, cools_until = {}, {}, nil
  for i, id in ipairs(ids) do
    local failing, until_at = first_failure(c, agent.load(id))
    counts[failing or 'none'] = (counts[failing or 'none'] or 0) + 1
    until_at = tonumber(until_at)
    if until_at and (not cools_until or until_at < cools_until) then cools_until = until_at end
    if i <= show then named[i] = agent_json(id, failing, until_at) end
  end
  local members = {}
  for failing, count in pairs(counts) do members[#members + 1] = '"' .. failing .. '":' .. count end
  return ',"counts":{' .. table.concat(members, ',') .. '},"agents":[' .. table.concat(named, ',') .. ']'
    .. (cools_until and ',"cools_until_ms":' .. string.format('%d', cools_until) or '')
end

-- Whoever is named alone, else the queue's members.
local function candidates(c, after, limit)
  local named = classes.named_agent(c)
  if named ~= '' then return after == '' and agent.load(named) and { named } or {} end -- it may have left since
  return call('ZRANGE', keys.members(c.queue), after == '' and '-' or '(' .. after, '+', 'BYLEX', 'LIMIT', 0, limit)
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
  local limit = tonumber(args.limit)
  local ids = case.is_ended(c) and {} or candidates(c, args.after, limit)
  return tx.unchanged('{"at_ms":' .. tx.now_text .. ',"config":' .. tx.settings.version .. ',"mode":"' .. queue.load(c.queue).mode
    .. '",' .. gate.members(c.queue) .. ',"case":' .. describe.json(c) .. place_json(c) .. next_step_json(c)
    .. (waits.is_on(c) and ',"waited":' .. waits.so_far(c) or '')
    .. agents_json(c, ids, tonumber(args.show))
    .. (#ids == limit and ',"next_cursor":"' .. ids[#ids] .. '"' or '') .. '}')
end
