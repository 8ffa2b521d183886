-- uses: classes, config, limits, list, skills, tx
-- Whether an agent may have work of a class: the one rule, for the match, for takes and for `why`.
local eligible = {}

-- Two pools: primary work needs P + c <= C; interruptible work J + c <= I and P + J + c <= C.
function eligible.has_room(a, pool, cost)
  if pool == 'primary' then return a.held_primary + cost <= a.capacity end
  return a.held_interruptible + cost <= a.interruptible_capacity
    and a.held_primary + a.held_interruptible + cost <= a.capacity
end

function eligible.is_over_capacity(a, pool)
  if pool == 'primary' then return a.held_primary > a.capacity end
  return a.held_interruptible > a.interruptible_capacity or a.held_primary + a.held_interruptible > a.capacity
end

function eligible.accepts(a, channel) return a.channels == '*' or list.has(a.channels, channel) end

-- Does work of the channel reach the agent: is it connected, or does the channel ask nobody to be?
function eligible.is_reachable(a, channel)
  return a.presence == 'connected' or config.channel(tx.settings, channel).reachable_offline
end

-- Is the agent gone, as far as the channel's work goes? Without one: for any work that asks for a connection.
function eligible.is_lost(a, channel)
  return a.presence == 'gone' and not (channel and config.channel(tx.settings, channel).reachable_offline)
end

-- Why the agent is not there for any new work, or nil. These four functions are the rule, for the match and for `why`.
function eligible.absent(a)
  if a.status ~= 'online' then return 'status' end
  if a.next_status ~= '' then return 'next_status' end
end

-- Why nothing at all may be offered to the agent now, or nothing but this case if one is named, or nil.
function eligible.unavailable(a, case_id)
  local absent = eligible.absent(a)
  if absent then return absent end
  if a.offers >= tx.settings.offer_limit then return 'open_offer' end
  if a.waking > 0 then return 'waking' end -- what has woken on the desk comes before anything new
  if a.reserved_case ~= '' and a.reserved_case ~= case_id then return 'reserved' end
end

-- Why the agent cannot take a case of this class, as far as connection, channel and room go, or nil.
function eligible.unfit(a, class)
  local work = classes.parse(class)
  if not eligible.is_reachable(a, work.channel) then return 'presence' end
  if not eligible.accepts(a, work.channel) then return 'channel' end
  if not eligible.has_room(a, work.pool, work.cost) then return 'room' end
  if not limits.allow(a, work.channel) then return 'limit' end
end

function eligible.is_available(a, case_id) return not eligible.unavailable(a, case_id) end

function eligible.fits(a, class) return not eligible.unfit(a, class) end

-- Has the agent every skill of a requirement at its level, by what is in force?
function eligible.has_skills(a, required)
  return required == skills.NONE or skills.suffice(skills.levels(a.levels), required)
end

function eligible.tier(a, queue) return a.tiers == '' and 0 or tonumber(list.value(a.tiers, queue) or 0) end

-- Why a class of one of the agent's queues is not within its tier and skills, or nil.
function eligible.unqualified(a, class)
  local work = classes.parse(class)
  if work.tier and eligible.tier(a, work.queue) > work.tier then return 'tier' end
  if not eligible.has_skills(a, work.skills) then return 'skills' end
end

function eligible.qualifies(a, class) return not eligible.unqualified(a, class) end

-- Is the agent one of those whom the case is for, by queue, tier and skills? Whoever is named needs neither membership nor a tier.
function eligible.is_meant(a, c)
  if classes.named_agent(c) == a.id then return eligible.has_skills(a, c.skills) end
  return (list.has(a.queues, c.queue) or list.has(a.joined, c.queue)) and eligible.qualifies(a, classes.of_work(c))
end

return eligible
