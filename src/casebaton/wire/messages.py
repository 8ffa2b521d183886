"""Every command of the protocol, as msgspec structs: the one place that names them.

They form one tagged union, `Command`; `id` is the client's command id. HTTP uses the same structs: the path gives
`type` and `case`, the `Idempotency-Key` header gives `id`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from casebaton.wire.words import (
    Baton,
    CommandId,
    Id,
    Instant,
    Level,
    LiveState,
    Message,
    Milliseconds,
    NoteText,
    Place,
    Position,
    Priority,
    Reason,
    RingFactor,
    Skills,
    Stage,
    Text,
    Tier,
    TimerInstant,
    Units,
    Url,
    Version,
)


class CommandMessage(Message):
    """A command; `id` is unique per actor, and the same id again has no second effect."""

    id: CommandId


class AdditionalSkill(Message):
    """A skill that a case asks for until its plan drops it: highest `number` first."""

    skill: Id
    level: Level = 1
    number: Annotated[int, Meta(ge=0, le=99)] = 0


class SkillDates(Message):
    """Between which instants an agent's skill counts."""

    since_ms: TimerInstant = 0
    until_ms: TimerInstant | UnsetType = UNSET


class Window(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """For when a case is planned: its channel must have `windows`."""

    from_ms: TimerInstant = 0
    until_ms: TimerInstant = 0


class SubmitCase(CommandMessage, tag="submit_case", kw_only=True):
    """A producer's case enters its queue. Without `case` the id is derived from actor and command id.

    A preferred agent is waited for two minutes, or `preferred_ms`.
    """

    queue: Id
    channel: Id = "case"
    subject: Text
    case: Id | UnsetType = UNSET
    customer: Text | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    priority: Priority = 5
    created_at_ms: Instant | UnsetType = UNSET
    data: Raw | UnsetType = UNSET
    cost: Units | UnsetType = UNSET
    skills: Skills | UnsetType = UNSET
    additional_skills: Annotated[list[AdditionalSkill], Meta(max_length=16)] | UnsetType = UNSET
    due_at_ms: Instant | UnsetType = UNSET
    preferred_agent: Id | UnsetType = UNSET
    preferred_ms: Milliseconds | UnsetType = UNSET
    required_agent: Id | UnsetType = UNSET
    linked_case: Id | UnsetType = UNSET
    window: Window | UnsetType = UNSET
    place: Text | UnsetType = UNSET


class CaseCommand(CommandMessage):
    """A command on one case that shows the baton its sender saw."""

    case: Id
    baton: Baton


class AcceptCase(CaseCommand, tag="accept_case"):
    """The agent takes what it was offered."""


class DeclineCase(CaseCommand, tag="decline_case"):
    """The agent refuses an offer; the pair (case, agent) cools down."""

    reason: Reason


class TakeCase(CaseCommand, tag="take_case"):
    """The agent claims a waiting case from a pull queue's line."""


class ReturnCase(CaseCommand, tag="return_case"):
    """The owner, or a supervisor, hands the case back to its queue."""

    reason: Reason
    place: Place = "keep"


class TransferCase(CaseCommand, tag="transfer_case"):
    """The case moves into another queue's line, with its age, or its owner offers it to another agent."""

    queue: Id | UnsetType = UNSET
    reason: Reason | UnsetType = UNSET
    agent: Id | UnsetType = UNSET


class CompleteCase(CaseCommand, tag="complete_case"):
    """The owner, or a supervisor, ends the work; the case is closed."""

    disposition: Reason | UnsetType = UNSET


class CancelCase(CaseCommand, tag="cancel_case"):
    """The case is withdrawn; an owner who works on it is told at once and wraps up."""

    reason: Reason


class UpdateCase(CaseCommand, tag="update_case"):
    """What the case says changes, its owner does not. An empty `skills` or `additional_skills` asks for none, an empty
    `window` plans it for no time; `customer_activity` wakes a parked case.
    """

    priority: Priority | UnsetType = UNSET
    subject: Text | UnsetType = UNSET
    customer: Text | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    data: Raw | UnsetType = UNSET
    skills: Skills | UnsetType = UNSET
    additional_skills: Annotated[list[AdditionalSkill], Meta(max_length=16)] | UnsetType = UNSET
    due_at_ms: Instant | UnsetType = UNSET
    customer_activity: bool = False
    window: Window | UnsetType = UNSET
    place: Text | UnsetType = UNSET


class RevokeOffer(CaseCommand, tag="revoke_offer"):
    """A supervisor takes an open offer back; it never counts against the agent."""

    reason: Reason


class AbandonCase(CaseCommand, tag="abandon_case"):
    """The customer left before anybody owned the case."""


class TakeNext(CommandMessage, tag="take_next"):
    """The agent claims the first case in order that it may take, of one queue or of all its queues."""

    queue: Id | UnsetType = UNSET


class AssignCase(CaseCommand, tag="assign_case"):
    """A supervisor gives the case to an agent; above the agent's capacity only when said so."""

    agent: Id
    over_capacity: bool = False
    reason: Reason | UnsetType = UNSET


class WrapCase(CaseCommand, tag="wrap_case"):
    """The owner's work is done but for the wrap-up; the case closes when that ends."""

    disposition: Reason | UnsetType = UNSET


class ExtendWrapUp(CaseCommand, tag="extend_wrap_up"):
    """The owner needs the wrap-up's whole time again."""


class ParkCase(CaseCommand, tag="park_case"):
    """The owner keeps the case and frees its capacity until it wakes."""

    wake_at_ms: TimerInstant | UnsetType = UNSET


class ResumeCase(CaseCommand, tag="resume_case"):
    """A parked case is worked on again."""


class ReopenCase(CaseCommand, tag="reopen_case"):
    """A closed case waits again: a new visit. `preferred_ms`: how long it waits for its last owner alone."""

    preferred_ms: Milliseconds | UnsetType = UNSET


class AddNote(CaseCommand, tag="add_note", kw_only=True):
    """A text on the case; those who steer may leave the baton out."""

    baton: Baton = "any"
    text: NoteText


class SetStage(CaseCommand, tag="set_stage"):
    """How far the owner of an appointment has come; `cannot_complete` needs a reason. `completed` and
    `cannot_complete` end the case.
    """

    stage: Stage
    reason: Reason | UnsetType = UNSET


class ReadNotes(CommandMessage, tag="read_notes"):
    """Answered with the case's notes, oldest first."""

    case: Id


class ReadHistory(CommandMessage, tag="read_history"):
    """Answered with the case's last events, newest first, or with those before a position that an answer gave."""

    case: Id
    before: Position | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class ReadDay(CommandMessage, tag="read_day"):
    """Answered with what an agent has done since an instant, to the quarter hour (left out: 24 hours ago), and the
    cases that ended in its hands last. An agent reads its own and names nobody.
    """

    agent: Id | UnsetType = UNSET
    since_ms: Instant | UnsetType = UNSET


class SetStatus(CommandMessage, tag="set_status"):
    """The agent's own choice: a built-in status or a configured one. `channels` narrows what an online agent accepts;
    left out, it accepts all that the status does. With `next`, offers stop at once and the status comes when the
    agent's primary work is done.
    """

    status: Id
    channels: Annotated[list[Id], Meta(max_length=16)] | UnsetType = UNSET
    next: bool = False


class SetAgent(CommandMessage, tag="set_agent"):
    """A supervisor changes an agent; fields left out stay as they are.

    `skills` come with their `skill_dates`; `tiers`: the agent's tier in queues where it is not 0.
    `limits`: how many cases of a channel it may have in hand, where that is limited. `ring_factor`: how many times as
    long as at others an offer rings.
    """

    agent: Id
    capacity: Units | UnsetType = UNSET
    interruptible_capacity: Units | UnsetType = UNSET
    queues: Annotated[list[Id], Meta(max_length=64)] | UnsetType = UNSET
    skills: Annotated[dict[Id, Level], Meta(max_length=64)] | UnsetType = UNSET
    skill_dates: Annotated[dict[Id, SkillDates], Meta(max_length=64)] = field(default_factory=dict)
    tiers: Annotated[dict[Id, Tier], Meta(max_length=64)] | UnsetType = UNSET
    auto_accept: bool | UnsetType = UNSET
    status: Id | UnsetType = UNSET
    limits: Annotated[dict[Id, Units], Meta(max_length=16)] | UnsetType = UNSET
    ring_factor: RingFactor | UnsetType = UNSET


class RemoveAgent(CommandMessage, tag="remove_agent"):
    """An agent who holds nothing leaves the workspace."""

    agent: Id


class PauseQueue(CommandMessage, tag="pause_queue"):
    """Nothing of the queue's is offered or taken until it is resumed; what comes in waits."""

    queue: Id
    reason: Reason | UnsetType = UNSET


class DrainQueue(CommandMessage, tag="drain_queue"):
    """Nothing new comes into the queue until it is resumed; what is there is served."""

    queue: Id


class ResumeQueue(CommandMessage, tag="resume_queue"):
    """A pause or a drain ends."""

    queue: Id


class DrainAgent(CommandMessage, tag="drain_agent"):
    """The agent gets nothing new, finishes its primary work and is offline then."""

    agent: Id


class RequeueAgent(CommandMessage, tag="requeue_agent"):
    """Everything that the agent has in hand goes back to its queues, with its age."""

    agent: Id
    reason: Reason


class RaiseFlag(CommandMessage, tag="raise_flag"):
    """The agent raises its hand to its supervisors, about a case that it owns or in general; one flag at a time."""

    case: Id | UnsetType = UNSET
    text: Text | UnsetType = UNSET


class LowerFlag(CommandMessage, tag="lower_flag"):
    """The agent needs nobody any more."""


class AnswerFlag(CommandMessage, tag="answer_flag"):
    """A supervisor sees to an agent's flag, which is down then."""

    agent: Id
    text: Text | UnsetType = UNSET


class WatchQueue(CommandMessage, tag="watch_queue"):
    """Answered with the first page of the queue's line; the queue's events follow on this connection."""

    queue: Id
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class WhyCase(CommandMessage, tag="why_case"):
    """Asks why a case is where it is; answered with each agent who might get it and what keeps it from the case."""

    case: Id


class Unwatch(CommandMessage, tag="unwatch"):
    """The queue's events stop."""

    queue: Id


class Ping(CommandMessage, tag="ping"):
    """Answered by the node, with nothing: the connection is alive."""


class RefreshToken(CommandMessage, tag="refresh_token"):
    """A newer token of the same subject and role; the connection lives as long as it does."""

    token: str


class ReadConfig(CommandMessage, tag="read_config"):
    """Answered with the document in force, or with that of one of the last versions."""

    version: Version | UnsetType = UNSET


class WatchWorkspace(CommandMessage, tag="watch_workspace"):
    """All agents and queues within the sender's scope, then what changes of them."""


class UnwatchWorkspace(CommandMessage, tag="unwatch_workspace"):
    """No longer do."""


class ReadConfigVersions(CommandMessage, tag="read_config_versions"):
    """Answered with the last versions, newest first, without their documents."""


class ConfigCommand(CommandMessage, kw_only=True):
    """Puts a document in force, with `previous` only upon that version; with `dry_run` it tells what that would do."""

    previous: Version | UnsetType = UNSET
    dry_run: bool = False


class ApplyConfig(ConfigCommand, tag="apply_config", kw_only=True):
    """Another document takes the place of the one in force."""

    document: Raw


class RollbackConfig(ConfigCommand, tag="rollback_config", kw_only=True):
    """One of the last versions comes into force anew."""

    version: Version


class ReadRoster(CommandMessage, tag="read_roster"):
    """Answered with everybody who works in the workspace."""


class PutRoster(CommandMessage, tag="put_roster", kw_only=True):
    """Rows create and change the agents that they name; with `remove_missing` the others leave."""

    rows: Raw
    remove_missing: bool = False
    dry_run: bool = False


class WatchAgent(CommandMessage, tag="watch_agent"):
    """Answered with the agent and what it holds; all events that concern it follow on this connection."""

    agent: Id


class UnwatchAgent(CommandMessage, tag="unwatch_agent"):
    """They stop."""

    agent: Id


class FindColleagues(CommandMessage, tag="find_colleagues"):
    """Answered with those to whom the case could be handed now, best first; with a text those whose id or name has a
    word that begins with it.
    """

    case: Id
    text: Text | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=20)] = 20


class SearchCases(CommandMessage, tag="search_cases"):
    """Answered with the live cases on which, or in whose queue's name, all words of the text stand; and with the case
    whose id the text is, although it has ended.
    """

    text: Annotated[str, Meta(min_length=1, max_length=200)]
    queue: Id | UnsetType = UNSET
    state: LiveState | UnsetType = UNSET
    agent: Id | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class ReadNames(CommandMessage, tag="read_names"):
    """Answered with what these agents are called."""

    agents: Annotated[list[Id], Meta(min_length=1, max_length=50)]


Command = (
    SubmitCase
    | AcceptCase
    | DeclineCase
    | TakeCase
    | ReturnCase
    | TransferCase
    | CompleteCase
    | CancelCase
    | UpdateCase
    | RevokeOffer
    | SetStatus
    | SetAgent
    | WatchQueue
    | WhyCase
    | Unwatch
    | RefreshToken
    | Ping
    | RemoveAgent
    | AbandonCase
    | TakeNext
    | AssignCase
    | WrapCase
    | ExtendWrapUp
    | ParkCase
    | ResumeCase
    | ReopenCase
    | AddNote
    | ReadNotes
    | ReadHistory
    | ReadDay
    | PauseQueue
    | DrainQueue
    | ResumeQueue
    | DrainAgent
    | RequeueAgent
    | RaiseFlag
    | LowerFlag
    | AnswerFlag
    | SetStage
    | ReadConfig
    | ReadConfigVersions
    | ApplyConfig
    | RollbackConfig
    | ReadRoster
    | PutRoster
    | WatchWorkspace
    | UnwatchWorkspace
    | FindColleagues
    | SearchCases
    | ReadNames
    | WatchAgent
    | UnwatchAgent
)

VERBS: dict[str, type[CaseCommand]] = {
    "accept": AcceptCase,
    "decline": DeclineCase,
    "take": TakeCase,
    "return": ReturnCase,
    "transfer": TransferCase,
    "complete": CompleteCase,
    "cancel": CancelCase,
    "revoke": RevokeOffer,
    "abandon": AbandonCase,
    "assign": AssignCase,
    "wrap": WrapCase,
    "extend": ExtendWrapUp,
    "park": ParkCase,
    "resume": ResumeCase,
    "reopen": ReopenCase,
    "note": AddNote,
    "stage": SetStage,
}
"""The last word of `POST cases/{id}/{verb}` and the command it means."""

QUEUE_VERBS: dict[str, type[PauseQueue | DrainQueue | ResumeQueue]] = {
    "pause": PauseQueue,
    "drain": DrainQueue,
    "resume": ResumeQueue,
}
"""The last word of `POST queues/{id}/{verb}` and the command it means."""

AGENT_VERBS: dict[str, type[DrainAgent | RequeueAgent | AnswerFlag]] = {
    "drain": DrainAgent,
    "requeue": RequeueAgent,
    "answer_flag": AnswerFlag,
}
"""The same of `POST agents/{id}/{verb}`."""


class Card(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a case shows of itself to whoever may see it; at most 1 KiB of text."""

    subject: str
    customer: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    place: str | UnsetType = UNSET
