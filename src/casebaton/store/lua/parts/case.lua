-- uses: keys, digits, config, classes, record, tx, timers, idle, stay, customers, targets, clocks, demands, lines, waits, stages, patience, worked
-- A case: its record, the events that tell of it, and the keys that say where it is.
local case = {}
local LAYOUT = record.layout({ 'state', 'queue', 'channel', 'pool', 'cost', 'priority', 'agent', 'baton', 'revision', 'score', 'cooling',
  'deadline_at', 'position', 'skills', 'tier', 'preferred_agent', 'required_agent',
  'target', -- the agent whom a transfer of an active case still rings at
  'unowned_since', 'first_owner_due', 'completion_due', -- instants; empty from the first ownership on, and while no such clock runs
  'customer_key',
  'waits_from', 'waited', -- where the time in its queue goes (see `waits`)
  'stage',
  'reserved_agent', -- who is kept free for it
  'window', -- for when it is planned (see `windows`)
  'queued_at', 'state_at', 'requested_at', 'created_at', 'digest', 'age_at',
  'ordered_by', -- the order that its score is by; empty: `priority`
  'due_at', 'required_skills', 'additional_skills',
  'dropped_from', 'plan_step', 'plan_from', 'preferred_until',
  'owned', -- '1' from the first ownership on
  'ends_as', 'extensions', 'disposition', -- of a wrap-up
  'parked_cost', 'wake_at', 'wake_pending', -- units that it holds while it is parked; of a parked case
  'target_baton', 'target_at', 'targeted_at', -- of a transfer: what its target shows, its deadline, its begin
  'linked_case', -- the earlier case that it goes on with
  'notes', -- how many
  'worked' }, -- for how long its owner has, before its present state (see `worked`)
  { cooling = true },
  { 'key', 'layout', 'text', 'id', 'owner', 'was_state', 'was_queue', 'was_agent', 'was_baton', 'was_owner', 'was_target', 'was_stage',
    'was_plain' },
  { 'lined_class', 'card', 'change', 'stopped', 'first_owner_ms', 'awaits_match', 'expires_ms' })
local ENDED = { closed = true, cancelled = true, abandoned = true }

local function owner_of(state, queue, agent)
  if state == 'waiting' or state == 'offered' then return 'queue:' .. queue end
  if ENDED[state] then return 'none' end
  return 'agent:' .. agent
end

function case.load(id)
  local key = keys.case(id)
  local c = record.find(key)
  if c then return c end
  local text = call('GET', key)
  if not text then return nil end
  c = record.keep(record.read(LAYOUT, text), key, LAYOUT, text)
  local state = c.state
  c.id, c.owner = id, owner_of(state, c.queue, c.agent)
  c.was_state, c.was_queue, c.was_agent, c.was_baton, c.was_owner = state, c.queue, c.agent, c.baton, c.owner
  c.was_target, c.was_stage, c.was_plain = c.target, c.stage, demands.is_plain(c)
  if state == 'waiting' then c.lined_class = classes.of(c) end
  return c
end

-- Its fields and no more, to be read alone: for where thousands are looked at.
function case.glance(id)
  local text = call('GET', keys.case(id))
  return text and record.read(LAYOUT, text)
end

-- A new case in a queue; whoever asks for it tells the rest.
function case.create(id, queue)
  local c = record.keep(record.blank(LAYOUT), keys.case(id), LAYOUT)
  c.id, c.queue, c.queued_at, c.revision, c.deadline_at = id, queue, tx.now_text, '0', '0'
  c.was_queue, c.was_agent, c.was_baton, c.was_owner, c.was_target, c.was_stage, c.was_plain = queue, '', '', '', '', '', true
  return c
end

function case.is_ended(c) return ENDED[c.state] or false end

-- The capacity units that it holds where it is.
function case.units(c) return c.state == 'parked' and c.parked_cost or c.cost end

function case.owner(c) return c.owner end

-- How long the case was without an owner, when it has its first.
local function first_owner_member(c)
  local ms = c.first_owner_ms
  return ms and ',"first_owner_ms":' .. ms or ''
end

local function audience(c)
  local to = 'queue:' .. c.queue
  if c.was_queue ~= c.queue then to = to .. ' queue:' .. c.was_queue end
  if c.agent ~= '' then to = to .. ' agent:' .. c.agent end
  if c.was_agent ~= '' and c.was_agent ~= c.agent then to = to .. ' agent:' .. c.was_agent end
  if c.target ~= '' then to = to .. ' agent:' .. c.target end
  if c.was_target ~= '' and c.was_target ~= c.target and c.was_target ~= c.agent then to = to .. ' agent:' .. c.was_target end
  return to
end

local function load_of(a)
  return '{"agent":"' .. a.id .. '","primary":' .. digits.of(a.held_primary) .. ',"interruptible":'
    .. digits.of(a.held_interruptible) .. ',"offers":' .. digits.of(a.offers) .. '}'
end

local function held_member(a, other)
  if not a then return '' end
  return ',"held":[' .. load_of(a) .. (other and ',' .. load_of(other) or '') .. ']'
end

-- One transition, one event. `a` and `other` are agents whose load it changed, or nil; `extra` are more JSON members. Each event names
-- the case's previous one: the chain of positions is the case's history, without a list of its own. `case.vacate` comes next.
function case.record(kind, c, actor, a, extra, other)
  local revision = digits.of(c.revision + 1)
  local before = c.was_state and '","state_before":"' .. c.was_state .. '","owner_before":"' .. c.was_owner
    .. '","previous":"' .. c.position or ''
  local hands = (c.agent ~= '' and '","agent":"' .. c.agent or '') .. (c.was_agent ~= '' and '","agent_before":"' .. c.was_agent or '')
    .. (c.was_target ~= '' and '","target_before":"' .. c.was_target or '')
    .. (c.was_stage ~= c.stage and c.was_stage ~= '' and '","stage_before":"' .. c.was_stage or '')
  local from = c.was_queue ~= c.queue and '","queue_before":"' .. c.was_queue or ''
  c.revision = revision
  c.position = tx.append(kind, actor, audience(c), ',"case":"' .. c.id .. '","revision":' .. revision .. ',"state":"' .. c.state
    .. '","owner":"' .. c.owner .. before .. hands .. from .. '","queue":"' .. c.queue .. '","baton":"' .. c.baton
    .. '","score":' .. c.score .. stay.members(c) .. first_owner_member(c) .. waits.member(c) .. worked.member(c) .. held_member(a, other) .. extra)
  c.was_stage = c.stage
  record.touch(c)
  if c.state == 'active' then idle.watch(c) end
  if config.effects(tx.settings, kind)[1] then
    c.change = { kind = kind, actor = actor, owner_before = c.was_owner, agent_before = c.was_agent, queue_before = c.was_queue,
      reason = string.match(extra, '^,"reason":"([^"]*)"') or '' }
  end
end

-- The case changes hands: whoever shows an older baton from now on is refused.
function case.pass(c, state, agent)
  waits.stop(c)
  worked.stop(c)
  c.stage = stages.after(c, state, agent)
  c.state, c.agent, c.owner, c.baton = state, agent, owner_of(state, c.queue, agent), tx.mint()
  c.state_at, c.deadline_at = tx.now_text, '0'
  if state == 'active' then c.owned = '1' end
  targets.pass(c)
end

-- After an event: clears the keys that said where the case was before it. Then `case.follow` does what the workspace's rules say: no
-- change of hands can forget it, so the part that knows the rules and stands above this one puts it here; so is `case.unreserve`.
function case.vacate(c)
  local state, agent, queue_id = c.was_state, c.was_agent, c.was_queue
  if state == 'waiting' then
    lines.leave(c)
    patience.forget(c, c.was_baton)
  elseif state then
    if state == 'offered' then
      timers.drop_deadline('offer', c.id, c.was_baton)
    elseif state == 'active' then
      if c.was_baton ~= c.baton then idle.forget(c, c.was_baton) end
    elseif state == 'wrapping' then
      timers.drop_deadline('wrap', c.id, c.was_baton)
    elseif state == 'parked' then
      timers.drop('wake', c.id, c.was_baton)
      timers.drop('waking', c.id, c.was_baton)
      call('ZREM', keys.waking(agent), c.id)
    end
    if agent ~= c.agent then call('ZREM', keys.held(agent), c.id) end
  end
  if c.was_target ~= c.target and c.was_target ~= '' then
    timers.drop_deadline('transfer', c.id, c.target_baton)
    if c.was_target ~= c.agent then call('ZREM', keys.held(c.was_target), c.id) end
  end
  c.was_target = c.target
  clocks.drop(c)
  if agent ~= c.agent and not ENDED[c.state] then c.worked = '' end
  c.was_state, c.was_queue, c.was_agent, c.was_baton, c.was_owner = c.state, c.queue, c.agent, c.baton, c.owner
  local change = c.change
  if change then
    c.change = nil
    case.follow(c, change)
  end
  if c.reserved_agent ~= '' then case.unreserve(c, c.agent == c.reserved_agent and 'offered' or 'case_gone', queue_id) end
end

-- An ended case leaves its record for a stated time: it answers stale commands and repeated submits. A closed one keeps card, data
-- and notes as well, for as long as it may be reopened.
function case.bury(c)
  customers.leave(c)
  if c.cooling > 0 then call('DEL', keys.cooling(c.id)) end
  if c.state == 'closed' then
    local ms = tx.settings.closed_ms
    record.expire(c, ms)
    call('PEXPIRE', keys.card(c.id), ms)
    call('PEXPIRE', keys.data(c.id), ms)
    if c.notes ~= '' then call('PEXPIRE', keys.notes(c.id), ms) end
  else
    record.expire(c, tx.settings.retention_ms)
    call('DEL', keys.card(c.id), keys.data(c.id), keys.notes(c.id))
  end
end

-- A closed case lives again: nothing of it expires.
function case.revive(c)
  customers.enter(c)
  for _, key in ipairs({ c.key, keys.card(c.id), keys.data(c.id), keys.notes(c.id) }) do call('PERSIST', key) end
end

return case
