"""Commands of agents: what is offered, taken, worked on and handed on. Supervisors send some of them, too."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from casebaton.wire.messages.base import CaseCommand, CommandMessage
from casebaton.wire.words import Id, Place, Reason, Stage, Text, TimerInstant


class AcceptCase(CaseCommand, tag="accept_case"):
    """The agent takes what it was offered."""


class DeclineCase(CaseCommand, tag="decline_case"):
    """The agent refuses an offer; the pair (case, agent) cools down."""

    reason: Reason


class TakeCase(CaseCommand, tag="take_case"):
    """The agent claims a waiting case from a pull queue's line."""


class TakeNext(CommandMessage, tag="take_next"):
    """The agent claims the first case in order that it may take, of one queue or of all its queues."""

    queue: Id | UnsetType = UNSET


class WatchCounts(CommandMessage, tag="watch_counts"):
    """How many cases wait in each of the agent's queues; whenever that changes, events tell it."""


class UnwatchCounts(CommandMessage, tag="unwatch_counts"):
    """No events tell it any more."""


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


class SetStage(CaseCommand, tag="set_stage"):
    """How far the owner of an appointment has come; `cannot_complete` needs a reason. `completed` and
    `cannot_complete` end the case.
    """

    stage: Stage
    reason: Reason | UnsetType = UNSET


class SetStatus(CommandMessage, tag="set_status"):
    """The agent's own choice: a built-in status or a configured one. `channels` narrows what an online agent accepts;
    left out, it accepts all that the status does. With `next`, offers stop at once and the status comes when the
    agent's primary work is done.
    """

    status: Id
    channels: Annotated[list[Id], Meta(max_length=16)] | UnsetType = UNSET
    next: bool = False


class RaiseFlag(CommandMessage, tag="raise_flag"):
    """The agent raises its hand to its supervisors, about a case that it owns or in general; one flag at a time."""

    case: Id | UnsetType = UNSET
    text: Text | UnsetType = UNSET


class LowerFlag(CommandMessage, tag="lower_flag"):
    """The agent needs nobody any more."""


class FindColleagues(CommandMessage, tag="find_colleagues"):
    """Answered with those to whom the case could be handed now, best first; with a text those whose id or name has a
    word that begins with it.
    """

    case: Id
    text: Text | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=20)] = 20
