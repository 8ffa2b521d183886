-- uses: config, tx, case, agent, queue, scope, describe, eligible
-- The refusals that many commands share. Each is asked before the first write.
local guard = {}

function guard.not_found(id) return tx.refuse('CASE_NOT_FOUND', 'there is no case ' .. id) end

function guard.stale(c) return tx.refuse('STALE_BATON', 'the case has moved on since that baton', describe.brief(c)) end

local function wrong_state(c) return tx.refuse('WRONG_STATE', 'the case is ' .. c.state, describe.brief(c)) end

-- Any case that the sender may see.
function guard.seen_case(id)
  local c = case.load(id)
  if not c then return nil, guard.not_found(id) end
  local refusal = scope.bars_case(c)
  if refusal then return nil, refusal end
  return c
end

-- Any agent whom the sender may see and steer.
function guard.seen_agent(id)
  local a = agent.load(id)
  if not a then return nil, tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. id) end
  local refusal = scope.bars_agent(a)
  if refusal then return nil, refusal end
  return a
end

-- Any queue that the sender may see and steer.
function guard.seen_queue(id)
  local q = queue.load(id)
  if not q then return nil, queue.unknown(id) end
  local refusal = scope.bars_queue(id)
  if refusal then return nil, refusal end
  return q
end

-- For those who steer: any case in one of `states`; they may say baton `any`.
function guard.case(id, baton, states)
  local c, refusal = guard.seen_case(id)
  if refusal then return nil, refusal end
  if baton ~= 'any' and baton ~= c.baton then return nil, guard.stale(c) end
  if not states[c.state] then return nil, wrong_state(c) end
  return c
end

local function not_holder(c) return tx.refuse('NOT_HOLDER', 'the case is not with ' .. tx.subject, describe.brief(c)) end

-- For agents: the case must be in their own hands, and they must show its present baton.
function guard.held_case(id, baton, states)
  local c = case.load(id)
  if not c then return nil, guard.not_found(id) end
  if baton ~= c.baton then return nil, guard.stale(c) end
  if tx.role ~= 'agent' or c.agent ~= tx.subject then return nil, not_holder(c) end
  if not states[c.state] then return nil, wrong_state(c) end
  return c
end

-- Every skill that these texts name must be one of the workspace's.
function guard.skills(...)
  for i = 1, select('#', ...) do
    for name in string.gmatch(select(i, ...) or '', '([^=&,]+)=') do
      if not config.has_skill(tx.settings, name) then return tx.refuse('UNKNOWN_SKILL', 'there is no skill ' .. name) end
    end
  end
end

-- May this agent take this case of a line at all, whether or not it has room?
function guard.member_for(a, c)
  if not agent.is_member(a, c.queue) then
    return tx.refuse('NOT_MEMBER', a.id .. ' is not a member of queue ' .. c.queue, describe.brief(c))
  end
  if c.required_agent ~= '' and c.required_agent ~= a.id then
    return tx.refuse('REQUIRES_AGENT', 'the case is for ' .. c.required_agent .. ' alone', describe.brief(c))
  end
  if config.queue(tx.settings, c.queue).take_needs_skills and not eligible.has_skills(a, c.skills) then
    return tx.refuse('NO_SKILL', a.id .. ' lacks a skill that the case requires: ' .. c.skills, describe.brief(c))
  end
end

function guard.agents(...)
  for i = 1, select('#', ...) do
    local id = select(i, ...)
    if id and not agent.load(id) then return tx.refuse('UNKNOWN_AGENT', 'there is no agent ' .. id) end
  end
end

-- For an agent at whom the case rings: it was offered, or a colleague who still owns it wants to hand it over.
function guard.ringing_case(id, baton)
  local c = case.load(id)
  if c and c.target ~= '' and tx.role == 'agent' and c.target == tx.subject and baton == c.target_baton then return c end
  return guard.held_case(id, baton, { offered = true })
end

local OWNED = { active = true, parked = true, wrapping = true }
local LIVE = { waiting = true, offered = true, active = true, parked = true, wrapping = true }

-- A case for which the sender may look for another holder: an agent's own, or any that is not over.
function guard.movable_case(id)
  local c, refusal = guard.seen_case(id)
  if refusal then return nil, refusal end
  local is_agent = tx.role == 'agent'
  if is_agent and c.agent ~= tx.subject then return nil, not_holder(c) end
  if not (is_agent and OWNED or LIVE)[c.state] then return nil, wrong_state(c) end
  return c
end

-- For those who steer: any case that is not over.
function guard.steered_case(id, baton) return guard.case(id, baton, LIVE) end

-- For what an owner may do with its own case, and those who steer with any live one; or only in one of `states`.
function guard.live_case(id, baton, states)
  if tx.role == 'agent' then return guard.held_case(id, baton, states or OWNED) end
  return guard.case(id, baton, states or LIVE)
end

return guard
