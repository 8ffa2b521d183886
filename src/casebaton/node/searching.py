"""Searches over all live cases of a workspace, in memory, beside its overview.

The texts are read when somebody searches for the first time, in slices, and kept up by the log for as long as the
overview is. A search walks over them from the newest case on, in slices too, so that nobody else is held up.
"""

import asyncio

from casebaton.auth import Identity, Scope
from casebaton.service import search
from casebaton.store.client import Answer, StoreClient
from casebaton.store.log import Entry
from casebaton.store.overview import Overview, Place
from casebaton.store.subjects import Subjects, Wanted
from casebaton.wire import messages as m

CARDS = 500  # that one script reads
AT_ONCE = 500  # cases looked at in a turn of the event loop: about a millisecond


class CaseSearch:
    """The live cases of one overview, to be found by their texts."""

    def __init__(self, store: StoreClient, workspace: str, overview: Overview) -> None:
        self._store = store
        self._workspace = workspace
        self._overview = overview
        self._subjects: Subjects | None = None  # nobody has searched yet
        self._is_whole = False
        self._reading = asyncio.Lock()

    def take_entry(self, entry: Entry) -> None:
        """The log's next entry, once the overview has it. Raises msgspec.DecodeError."""
        if self._subjects is not None:
            self._subjects.take_entry(entry)

    async def execute(self, identity: Identity, command: m.SearchCases) -> Answer:
        """Answer a search of who supervises. Raises Unavailable or OutcomeUnknown."""
        found, is_cut = await self._find(search.wanted_by(command), command.limit, identity.scope)
        return await search.tell(self._store, identity, command, found, is_cut=is_cut)

    async def _find(self, wanted: Wanted, limit: int, scope: Scope | None) -> tuple[list[str], bool]:
        """The newest `limit` cases within a scope that are as wanted, and whether there may be more."""
        texts = (await self._whole_subjects()).texts
        places = self._overview.places
        found: list[str] = []
        newest_first = list(places)[::-1]
        for start in range(0, len(newest_first), AT_ONCE):
            for case in newest_first[start : start + AT_ONCE]:
                place = places.get(case)  # it may have ended since the walk began
                if place is None or not wanted.fits(place.queue, place.state, place.agent):
                    continue
                if wanted.has_words(texts.get(case, ""), place.queue) and self._covers(scope, place):
                    found.append(case)
                    if len(found) > limit:
                        return found, True
            await asyncio.sleep(0)  # others have a turn between two slices
        return found, False

    async def _whole_subjects(self) -> Subjects:
        """Entries are taken from now on, pages fill in what was there before. One who gives up in the middle leaves the
        rest to the next one.
        """
        async with self._reading:
            if self._subjects is None:
                self._subjects = Subjects()
            if not self._is_whole:
                missing = [case for case in self._overview.places if case not in self._subjects.texts]
                for start in range(0, len(missing), CARDS):
                    page = missing[start : start + CARDS]
                    cards = await search.read_cards(self._store, self._workspace, cases=page)
                    self._subjects.take_page(card for card in cards if card[0] in self._overview.places)
                self._is_whole = True
            return self._subjects

    def _covers(self, scope: Scope | None, place: Place) -> bool:
        if scope is None or place.queue in scope.queues:
            return True
        holder = self._overview.agents.get(place.agent)
        return holder is not None and holder.team in scope.teams
