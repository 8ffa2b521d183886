"""Commands of every role: what is read and watched, and those on the connection itself."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from casebaton.wire.messages.base import CaseCommand, CommandMessage
from casebaton.wire.words import Baton, Id, Instant, LiveState, NoteText, Position


class AddNote(CaseCommand, tag="add_note", kw_only=True):
    """A text on the case; those who steer may leave the baton out."""

    baton: Baton = "any"
    text: NoteText


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
