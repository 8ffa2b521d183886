"""Commands of producers: cases come in, change, and are withdrawn. Supervisors send some of them, too."""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from casebaton.wire.messages.base import CaseCommand, CommandMessage
from casebaton.wire.words import (
    Id,
    Instant,
    Level,
    Message,
    Milliseconds,
    Priority,
    Reason,
    Skills,
    Text,
    TimerInstant,
    Units,
    Url,
)


class Card(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What a case shows of itself to whoever may see it; at most 1 KiB of text."""

    subject: str
    customer: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    place: str | UnsetType = UNSET


class AdditionalSkill(Message):
    """A skill that a case asks for until its plan drops it: highest `number` first."""

    skill: Id
    level: Level = 1
    number: Annotated[int, Meta(ge=0, le=99)] = 0


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


class CancelCase(CaseCommand, tag="cancel_case"):
    """The case is withdrawn; an owner who works on it is told at once and wraps up."""

    reason: Reason


class AbandonCase(CaseCommand, tag="abandon_case"):
    """The customer left before anybody owned the case."""


class ReopenCase(CaseCommand, tag="reopen_case"):
    """A closed case waits again: a new visit. `preferred_ms`: how long it waits for its last owner alone."""

    preferred_ms: Milliseconds | UnsetType = UNSET
