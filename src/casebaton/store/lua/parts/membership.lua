-- uses: keys, list, skills, tx, timers, agent, queue
-- Which classes an agent's queues, tiers and skills let it be ready for.
local membership = {}

-- The mode counts, not the class's state: a class that is on its way to `off` must not get new agents behind the slice that takes
-- them out.
local function classes_of(a)
  local found = {}
  for id in list.items(a.queues) do
    if queue.load(id).mode ~= 'pull' then
      for _, class in ipairs(call('HKEYS', keys.classes(id))) do
        if agent.qualifies(a, class) then found[#found + 1] = class end
      end
    end
  end
  list.sort(found)
  return table.concat(found, ',')
end

-- Works skills in force and classes out afresh, and again on the day on which a skill begins or ends: only that timer changes them.
function membership.renew(a)
  local levels, change_at = skills.of_agent(a.skills, tx.now)
  a.levels, a.is_changed = skills.text(levels), true
  a.classes = classes_of(a)
  if change_at then timers.set('skill', a.id, '0', change_at) end
end

return membership
