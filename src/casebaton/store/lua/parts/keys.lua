-- The only place where key names exist. All keys of a workspace carry its hash tag, so that they share a slot.
local keys = {}
local opened, prefix -- of the last run's workspace

function keys.open(workspace)
  if workspace == opened then return end
  opened = workspace
  prefix = '{' .. workspace .. '}:'
  keys.meta = prefix .. 'meta' -- HASH seq, clock, tick, lost, epoch, config, staged, swept, position and the settings every script needs
  keys.log = prefix .. 'log' -- STREAM to, body
  keys.checkpoint = prefix .. 'checkpoint' -- HASH position, log_seq, and a folded fact per live case and agent
  keys.readers = prefix .. 'readers' -- HASH reader of the log -> "position until"
  keys.versions = prefix .. 'versions' -- LIST of the last 50 configurations that came into force, newest first: JSON version, at_ms, actor, digest
  keys.agents = prefix .. 'agents' -- ZSET of agent ids, all scores 0
  keys.names = prefix .. 'names' -- ZSET "key\0agent" by the beginning of ids and of names' words (see `directory`), all scores 0
  keys.timers = prefix .. 'timers' -- ZSET kind:id:baton by engine time
  keys.deadlines = prefix .. 'deadlines' -- ZSET kind:id:baton by engine time less what outages took (`lost`)
end

function keys.case(id) return prefix .. 'case:' .. id end -- STRING (see `record`)
function keys.card(id) return prefix .. 'card:' .. id end -- STRING JSON, at most 1 KiB of text
function keys.data(id) return prefix .. 'data:' .. id end -- STRING JSON, opaque
function keys.cooling(id) return prefix .. 'cooling:' .. id end -- ZSET agent -> until, agents this case is not offered to
function keys.notes(id) return prefix .. 'notes:' .. id end -- LIST of JSON, at most 100, oldest first
function keys.line(queue) return prefix .. 'line:' .. queue end -- ZSET waiting cases of a queue by score
function keys.wait(class) return prefix .. 'wait:' .. class end -- ZSET waiting cases of a class by score
function keys.ready(class) return prefix .. 'ready:' .. class end -- ZSET agents a case of the class may be offered to
function keys.classes(queue) return prefix .. 'classes:' .. queue end -- HASH class -> open | idle | building | dirty | again | off | stopped
function keys.members(queue) return prefix .. 'members:' .. queue end -- ZSET agent ids, all scores 0
function keys.named(queue) return prefix .. 'named:' .. queue end -- ZSET agents for whom alone a case waits there, all scores 0
function keys.kept(queue) return prefix .. 'kept:' .. queue end -- ZSET agents who are kept free for a case that waits there, all scores 0
function keys.agent(id) return prefix .. 'agent:' .. id end -- STRING (see `record`)
function keys.profile(id) return prefix .. 'profile:' .. id end -- STRING (see `record`): what of an agent seldom changes
function keys.name_keys(id) return prefix .. 'name_keys:' .. id end -- STRING by which an agent's name is found, by line
function keys.former(id) return prefix .. 'former:' .. id end -- STRING how many cool-downs an agent who has left still has
function keys.held(id) return prefix .. 'held:' .. id end -- ZSET cases offered to or owned by an agent, by time
function keys.windows(id) return prefix .. 'windows:' .. id end -- ZSET until:case of what is planned in an agent's hands, by its beginning
function keys.day(id) return prefix .. 'day:' .. id end -- LIST of what an agent did (see `day`), a quarter hour each, at most 104, oldest first
function keys.recent(id) return prefix .. 'recent:' .. id end -- LIST of the last cases that ended in an agent's hands, at most 100, newest first
function keys.waking(id) return prefix .. 'waking:' .. id end -- ZSET an agent's parked cases that have woken without room, by time
function keys.customer(digest) return prefix .. 'customer:' .. digest end -- ZSET live cases of a customer by requested_at
function keys.connections(id) return prefix .. 'connections:' .. id end -- SET "node connection" of an agent
function keys.node(id) return prefix .. 'node:' .. id end -- SET "agent connection" that a node's lease holds
function keys.affinity(queue, customer) return prefix .. 'affinity:' .. queue .. ':' .. customer end -- STRING agent, expires
function keys.config_names(version) return prefix .. 'config:' .. version .. ':names' end -- SET of its parts: queue:<id>, channel:<id>, workspace
function keys.config_part(version, name) return prefix .. 'config:' .. version .. ':' .. name end -- HASH
function keys.config_document(version) return prefix .. 'config:' .. version .. ':document' end -- STRING JSON
function keys.answers(actor) return prefix .. 'answers:' .. actor end -- HASH command id -> position, answer; `#` -> since when
function keys.old_answers(actor) return prefix .. 'old_answers:' .. actor end -- HASH the same, of the generation before
function keys.queue_config(version, id) return prefix .. 'config:' .. version .. ':queue:' .. id end -- HASH
function keys.channel_config(version, id) return prefix .. 'config:' .. version .. ':channel:' .. id end -- HASH
function keys.summaries_config(version) return prefix .. 'config:' .. version .. ':channels' end -- HASH says -> JSON, what agents are told of channels
function keys.plan_config(version, id) return prefix .. 'config:' .. version .. ':plan:' .. id end -- HASH
function keys.target_config(version, id) return prefix .. 'config:' .. version .. ':target:' .. id end -- HASH
function keys.skill_config(version) return prefix .. 'config:' .. version .. ':skills' end -- HASH skill -> 1
function keys.rule_config(version) return prefix .. 'config:' .. version .. ':rules' end -- HASH rules -> JSON list
function keys.config_names(version) return prefix .. 'config:' .. version .. ':names' end -- SET kind:id of its hashes
function keys.status_config(version, id) return prefix .. 'config:' .. version .. ':status:' .. id end -- HASH
function keys.effect_config(version) return prefix .. 'config:' .. version .. ':effects' end -- HASH effects -> JSON list
function keys.queue(id) return prefix .. 'queue:' .. id end -- STRING (see `record`) what commands and hours made of a queue: paused, draining …
function keys.halted(queue) return prefix .. 'halted:' .. queue end -- ZSET kind:case whose clock stands still, all scores 0
function keys.calendar(id) return prefix .. 'calendar:' .. id end -- ZSET instant:1 (opens) or instant:0 (closes) by instant
function keys.by_skill_config(version) return prefix .. 'config:' .. version .. ':by_skill' end -- HASH queue -> skills of members
function keys.progress(queue) return prefix .. 'progress:' .. queue end -- HASH class -> how far its build, drain or retirement has come
function keys.causes(queue) return prefix .. 'causes:' .. queue end -- HASH class -> why its cases wait, since when, and for how long so far
function keys.attending(queue) return prefix .. 'attending:' .. queue end -- HASH class -> how many agents are there who may have its cases

return keys
