"""Use case: cases found by what stands on them. An agent looks through its desk and its queues' lines; how supervisors
find theirs, the node knows, which follows the log.
"""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, Raw, Struct

from casebaton.auth import Identity
from casebaton.errors import Invalid
from casebaton.store import names
from casebaton.store.client import Answer, StoreClient
from casebaton.store.subjects import Card, Wanted, text_of
from casebaton.wire import messages as m
from casebaton.wire.ids import read_id

OF_LINES = 500  # waiting cases that an agent's search looks at, first in order first, over all of its queues
_ENGINE = ("engine", "search")


class Found(Struct, omit_defaults=True):
    """Cases as pages show them; `more` tells that others were not looked at or are not told."""

    items: list[Raw]
    more: bool = False


class Cards(Struct):
    """What `read_cards` answers."""

    items: list[tuple[str, Card]]


class _Held(Struct):
    case: str
    queue: str
    state: str
    agent: str = ""
    card: Card = Card()


class _Queue(Struct):
    queue: str


class _Snapshot(Struct):
    offers: list[_Held]
    desk: list[_Held]
    queues: list[_Queue]


class _Place(Struct):
    case: str
    state: str
    queue: str
    agent: str = ""


class _Cases(Struct):
    items: list[Raw]


_cards = msgspec.json.Decoder(Cards)


def wanted_by(command: m.SearchCases) -> Wanted:
    """What a command looks for."""
    queue, state, agent = ("" if said is UNSET else said for said in (command.queue, command.state, command.agent))
    return Wanted(tuple(names.key(command.text).split()), queue, state, agent)


async def of_agent(store: StoreClient, identity: Identity, command: m.SearchCases) -> Answer:
    """Among what an agent has in hand, then among the first cases of its queues' lines. Raises Refused."""
    wanted = wanted_by(command)
    answer = await store.run("read_agent", identity.workspace, identity.actor, agent=identity.subject)
    snapshot = msgspec.json.decode(answer.body, type=_Snapshot)
    found = [
        held.case
        for held in (*snapshot.offers, *snapshot.desk)
        if wanted.fits(held.queue, held.state, held.agent)
        and wanted.has_words(text_of(held.case, held.card), held.queue)
    ]
    left = OF_LINES
    for queue in sorted(each.queue for each in snapshot.queues if wanted.fits(each.queue, "waiting", "")):
        if not left or len(found) > command.limit:
            left = 0
            break
        cards = await read_cards(store, identity.workspace, queue=queue, limit=left)
        left -= len(cards)
        found += [case for case, card in cards if wanted.has_words(text_of(case, card), queue)]
    return await tell(store, identity, command, found, is_cut=not left)


async def tell(
    store: StoreClient, identity: Identity, command: m.SearchCases, found: Sequence[str], *, is_cut: bool
) -> Answer:
    """The cases as they are now, as far as they are still asked for and the sender may see them; before them the one
    whose id the text is, live or ended.
    """
    wanted, limit = wanted_by(command), command.limit
    ids = list(dict.fromkeys([*_exact(command.text), *found]))
    answer = await store.run("read_cases", identity.workspace, identity.actor, cases=",".join(ids[: limit + 1]))
    items = []
    for raw in msgspec.json.decode(answer.body, type=_Cases).items:
        place = msgspec.json.decode(raw, type=_Place)
        if wanted.fits(place.queue, place.state, place.agent):
            items.append(raw)
    more = is_cut or len(ids) > limit + 1 or len(items) > limit
    return Answer(answer.position, msgspec.json.encode(Found(items[:limit], more)))


def _exact(text: str) -> list[str]:
    try:
        return [read_id("text", text.strip())]
    except Invalid:
        return []


async def read_cards(
    store: StoreClient, workspace: str, *, cases: Sequence[str] = (), queue: str = "", limit: int = 0
) -> list[tuple[str, Card]]:
    """The cards of these cases, or of the first ones of a queue's line. Raises Unavailable."""
    answer = await store.run("read_cards", workspace, _ENGINE, cases=",".join(cases), queue=queue, limit=limit)
    return _cards.decode(answer.body).items
