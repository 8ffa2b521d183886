"""Commands of supervisors: agents, queues and hands raised."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from casebaton.wire.messages.base import CaseCommand, CommandMessage
from casebaton.wire.words import Id, Level, Message, Reason, RingFactor, Text, Tier, TimerInstant, Units


class SkillDates(Message):
    """Between which instants an agent's skill counts."""

    since_ms: TimerInstant = 0
    until_ms: TimerInstant | UnsetType = UNSET


class RevokeOffer(CaseCommand, tag="revoke_offer"):
    """A supervisor takes an open offer back; it never counts against the agent."""

    reason: Reason


class AssignCase(CaseCommand, tag="assign_case"):
    """A supervisor gives the case to an agent; above the agent's capacity only when said so."""

    agent: Id
    over_capacity: bool = False
    reason: Reason | UnsetType = UNSET


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


class DrainAgent(CommandMessage, tag="drain_agent"):
    """The agent gets nothing new, finishes its primary work and is offline then."""

    agent: Id


class RequeueAgent(CommandMessage, tag="requeue_agent"):
    """Everything that the agent has in hand goes back to its queues, with its age."""

    agent: Id
    reason: Reason


class AnswerFlag(CommandMessage, tag="answer_flag"):
    """A supervisor sees to an agent's flag, which is down then."""

    agent: Id
    text: Text | UnsetType = UNSET


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


class WatchWorkspace(CommandMessage, tag="watch_workspace"):
    """All agents and queues within the sender's scope, then what changes of them."""


class UnwatchWorkspace(CommandMessage, tag="unwatch_workspace"):
    """No longer do."""


class WatchAgent(CommandMessage, tag="watch_agent"):
    """Answered with the agent and what it holds; all events that concern it follow on this connection."""

    agent: Id


class UnwatchAgent(CommandMessage, tag="unwatch_agent"):
    """They stop."""

    agent: Id


class ReadReport(CommandMessage, tag="read_report"):
    """Answered with a report over the history; the query has the parameters that it has over HTTP."""

    report: Annotated[str, Meta(min_length=1, max_length=64)]
    query: Annotated[dict[str, Annotated[str, Meta(max_length=2000)]], Meta(max_length=20)] = field(
        default_factory=dict
    )


class ReadLife(CommandMessage, tag="read_life"):
    """Answered with what became of a case, in words."""

    case: Id
