-- uses: keys, list, record, skills, config, tx, timers, agent, queue, eligible
-- Which queues an agent's skills make it a member of, and which classes its queues, tiers and skills let it be ready for.
local membership = {}
local SLICE = 50 -- agents that a script works out afresh
local SLICE_BYTES = 60000 -- of their classes: fewer of those who are in hundreds

-- The mode counts, not the class's state: a class that is on its way to `off` must not get new agents behind the slice that takes
-- them out.
local function classes_of(a)
  local found = {}
  for id in list.items(agent.memberships(a)) do
    if queue.load(id).mode ~= 'pull' then
      for _, class in ipairs(call('HKEYS', keys.classes(id))) do
        if eligible.qualifies(a, class) then found[#found + 1] = class end
      end
    end
  end
  table.sort(found) -- whatever the order, it is the same each time
  return table.concat(found, ',')
end

local function joined_by_skill(a)
  local found = {}
  for _, row in ipairs(config.by_skill(tx.settings)) do
    if not list.has(a.queues, row.queue) and eligible.has_skills(a, row.skills) then found[#found + 1] = row.queue end
  end
  return table.concat(found, ',')
end

local function change_members(a, before)
  local now = agent.memberships(a)
  for id in list.items(before) do
    if not list.has(now, id) then call('ZREM', keys.members(id), a.id) end
  end
  for id in list.items(now) do
    if not list.has(before, id) then call('ZADD', keys.members(id), 0, a.id) end
  end
end

-- Works skills in force, queues and classes out afresh, and again on the day on which a skill begins or ends: only that timer changes
-- them. `before` are the memberships that the indexes have.
function membership.renew(a, before)
  local levels, change_at = skills.of_agent(a.skills, tx.now)
  a.levels, a.is_changed = skills.text(levels), true
  a.joined = joined_by_skill(a)
  change_members(a, before)
  a.classes = classes_of(a)
  record.touch_apart(a)
  if change_at then timers.set('skill', a.id, '0', change_at) else timers.drop('skill', a.id, '0') end
end

-- A slice of all agents after the queues' `member_skills` have changed; returns whose memberships did, and where to go on, or nil.
function membership.regroup(after)
  local ids, changed = call('ZRANGE', keys.agents, after == '' and '-' or '(' .. after, '+', 'BYLEX', 'LIMIT', 0, SLICE), {}
  local bytes = 0
  for i, id in ipairs(ids) do
    local a = agent.load(id)
    local before = agent.memberships(a)
    membership.renew(a, before)
    if agent.memberships(a) ~= before then changed[#changed + 1] = a end
    bytes = bytes + #a.classes
    if bytes > SLICE_BYTES and i < #ids then return changed, id end
  end
  return changed, #ids == SLICE and ids[SLICE] or nil
end

return membership
