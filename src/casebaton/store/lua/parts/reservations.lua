-- uses: keys, limits, config, classes, tx, case, agent, queue, offers, gate, eligible, windows
-- A case that is too heavy for everybody's present room keeps the agent who is nearest to having it from other offers, until it fits
-- there. Each of the two names the other (`reserved_agent`, `reserved_case`), so that neither has two.
local reservations = {}
local LOOK_AT = 64 -- members among whom the nearest is sought

-- Units that the agent lacks for the case, also when it had `taken` another one before; less than one: none.
local function missing(c, a, taken)
  local primary, interruptible = a.held_primary, a.held_interruptible
  if taken and taken.pool == 'primary' then primary = primary + taken.cost end
  if taken and taken.pool ~= 'primary' then interruptible = interruptible + taken.cost end
  if c.pool == 'primary' then return primary + c.cost - a.capacity end
  return math.max(interruptible + c.cost - a.interruptible_capacity, primary + interruptible + c.cost - a.capacity)
end

local function could_ever_hold(a, c)
  local whole = c.pool == 'primary' and a.capacity or a.interruptible_capacity
  return tonumber(c.cost) <= whole and limits.most(a, c.channel) ~= 0
end

-- Why the agent is not to be kept for the case, whatever its room, or nil.
function reservations.hindrance(c, a)
  if a.status ~= 'online' or a.next_status ~= '' or eligible.is_lost(a, c.channel) then return 'agent_away' end
  if not eligible.accepts(a, c.channel) or not eligible.is_meant(a, c) or not could_ever_hold(a, c) then return 'not_eligible' end
  if windows.in_the_way(c, a.id, c.window) then return 'window_taken' end
  if queue.load(c.queue).mode == 'pull' or gate.is_stopped(c.queue) then return 'queue_stopped' end
  if config.channel(tx.settings, c.channel).reserve_after_ms == 0 then return 'switched_off' end
end

-- In a large queue others are looked at each time.
local function candidates(c)
  local named = classes.named_agent(c)
  if named ~= '' then return { named } end
  local key = keys.members(c.queue)
  local first = tx.seq % math.max(1, call('ZCARD', key) - LOOK_AT + 1)
  return call('ZRANGE', key, first, first + LOOK_AT - 1)
end

local function is_free_for(c, a)
  return a and a.reserved_case == '' and eligible.is_reachable(a, c.channel) and not reservations.hindrance(c, a) and not offers.is_barred(c, a.id)
end

-- The agent who lacks the fewest units for the case; nil when there is none, or when somebody has room: then something else that
-- ends by itself is in the way, such as an open offer. What stands behind another case of its class waits for its turn.
function reservations.nearest(c)
  local class = c.lined_class
  if not class or call('ZRANGE', keys.wait(class), 0, 0)[1] ~= c.id then return nil end
  local nearest, fewest
  for _, id in ipairs(candidates(c)) do
    local a = agent.load(id)
    if is_free_for(c, a) then
      local lacks = missing(c, a)
      if lacks <= 0 and limits.allow(a, c.channel) then return nil end
      if lacks > 0 and (not fewest or lacks < fewest) then nearest, fewest = a, lacks end
    end
  end
  return nearest
end

-- The agent's room has changed, or the agent: what it is kept for is offered if it fits, and not waited for if that is in vain.
function reservations.serve(a)
  local c = case.load(a.reserved_case)
  local reason = reservations.hindrance(c, a)
  if reason then return case.unreserve(c, reason, c.queue) end
  local can_have = not eligible.unavailable(a, c.id) and eligible.fits(a, classes.of_work(c)) and not offers.is_barred(c, a.id)
  if can_have then offers.make(c, a, offers.decision('reserved', a.id)) end
end

-- The agent is away for good.
function reservations.leave(a)
  local c = a.reserved_case ~= '' and case.load(a.reserved_case)
  if c then case.unreserve(c, 'agent_away', c.queue) end
end

-- The agent is away for longer than grace.
function reservations.lose(a)
  local c = a.reserved_case ~= '' and case.load(a.reserved_case)
  if c and not eligible.is_reachable(a, c.channel) then reservations.leave(a) end
end

-- The case asks for something else: is its agent still the right one?
function reservations.review(c)
  local reason = reservations.hindrance(c, agent.load(c.reserved_agent))
  if reason then case.unreserve(c, reason, c.queue) end
end

-- Another case that the agent takes must not make what it is kept for wait longer: what is in the way, for people, or nil.
function reservations.lacking(a, taken)
  if a.reserved_case == '' then return nil end
  local c = case.load(a.reserved_case)
  if missing(c, a, taken) > math.max(0, missing(c, a)) then return 'to keep its room for case ' .. c.id end
end

return reservations
