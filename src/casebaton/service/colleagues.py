"""Use case: to whom a case could be handed now, found by the engine's own indexes in bounded slices."""

from typing import Literal

import msgspec
from msgspec import UNSET, Struct

from casebaton.auth import Identity
from casebaton.store import names
from casebaton.store.client import Answer, StoreClient
from casebaton.wire import messages as m

SLICES = 5  # of 100 members each: beyond them nobody is looked for without a text

Lacking = Literal[
    "status", "next_status", "presence", "channel", "open_offer", "waking", "reserved", "room", "limit", "window"
]


class Colleague(Struct, omit_defaults=True, kw_only=True):
    """Somebody who may be handed a case: the units that are free in each pool, since when it is idle (engine time in
    ms), what would refuse the hand-over, and what keeps the match from it although a hand-over does not ask for it.
    """

    agent: str
    name: str
    team: str
    label: str
    presence: str
    free_primary: int
    free_interruptible: int
    idle_at_ms: int
    lacks: Lacking | None = None
    unqualified: Literal["membership", "tier", "skills"] | None = None


class Colleagues(Struct, omit_defaults=True, kw_only=True):
    """The best first; `more` tells that there are others who were not looked at or are not named."""

    items: list[Colleague]
    more: bool = False


class _Page(Struct):
    ready: list[Colleague]
    others: list[Colleague]
    next_cursor: str = ""
    more: bool = False


async def find(store: StoreClient, identity: Identity, command: m.FindColleagues) -> Answer:
    """Those who are ready for the case's work as the match ranks them, then who else could get it, the longest idle
    first, then who lacks something; with a text those whose id or name begins with it. Raises Refused.
    """
    key = "" if command.text is UNSET else names.key(command.text)
    ready: list[Colleague] = []
    others: list[Colleague] = []
    after = ""
    for _ in range(SLICES):
        answer = await store.run(
            "find_colleagues",
            identity.workspace,
            identity.actor,
            case=command.case,
            key=key,
            after=after,
            limit=command.limit,
        )
        page = msgspec.json.decode(answer.body, type=_Page)
        ready += page.ready
        others += page.others
        after = page.next_cursor
        if not after or len(ready) + sum(other.lacks is None for other in others) >= command.limit:
            break
    known = {each.agent for each in ready}  # a later slice has them again
    others = sorted((other for other in others if other.agent not in known), key=_rank)
    found = [*ready, *others]
    more = page.more or after != "" or len(found) > command.limit
    return Answer(answer.position, msgspec.json.encode(Colleagues(items=found[: command.limit], more=more)))


def _rank(colleague: Colleague) -> tuple[bool, bool, int, str]:
    return (
        colleague.lacks is not None,
        colleague.unqualified is not None,
        colleague.idle_at_ms,
        colleague.agent,
    )
