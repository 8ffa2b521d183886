-- uses: config, tx
-- How far the owner of an appointment has come, where its channel has `stages`. Each owner begins at `scheduled`; in a line, where nobody
-- has planned it, a case has no stage.
local stages = {}
local STEPS = { 'scheduled', 'dispatched', 'travelling', 'in_progress', 'completed' }
local ENDS = { completed = true, cannot_complete = true, cancelled = true }
local UNOWNED = { waiting = true, offered = true, abandoned = true }
local place = {}
for i = 1, #STEPS do place[STEPS[i]] = i end -- no `ipairs` while the library loads

local function has_stages(c) return config.channel(tx.settings, c.channel).stages end

function stages.is_end(stage) return ENDS[stage] or false end

-- The stage that a change of hands leads to; the case still stands where it was.
function stages.after(c, state, agent)
  if UNOWNED[state] or not has_stages(c) then return '' end
  if state == 'closed' then return c.stage == 'cannot_complete' and c.stage or 'completed' end
  if state == 'cancelled' then return state end
  return agent == c.agent and not UNOWNED[c.state] and c.stage or 'scheduled'
end

-- The case is withdrawn while its owner works on it.
function stages.cancel(c)
  if has_stages(c) then c.stage = 'cancelled' end
end

-- What the sender may make of the stage: an owner goes forward step by step, or gives up; who steers sets any but the present one.
local function open_to(role, c)
  -- What was withdrawn before its channel had stages has none, and ends as it must.
  local is_withdrawn = c.state == 'wrapping' and c.ends_as == 'cancelled'
  if ENDS[c.stage] or is_withdrawn or not has_stages(c) then return {} end
  if role == 'agent' then return { STEPS[(place[c.stage] or 0) + 1], 'cannot_complete' } end
  local found = {}
  for _, stage in ipairs(STEPS) do
    if stage ~= c.stage then found[#found + 1] = stage end
  end
  found[#found + 1] = 'cannot_complete'
  return found
end

-- Why the sender may not set the stage, or nil. `current` is the case, as JSON.
function stages.bars(c, stage, current)
  local allowed = open_to(tx.role, c)
  for _, other in ipairs(allowed) do
    if other == stage then return nil end
  end
  local present = c.stage ~= '' and 'the stage is ' .. c.stage or 'the case has no stage'
  return tx.refuse('WRONG_STAGE', present .. (allowed[1] and ': it may become ' .. table.concat(allowed, ', ') or ' and it stays so'), current)
end

return stages
