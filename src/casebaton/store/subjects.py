"""What cases are found by: their ids and the texts on their cards, compared without case and accents."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from msgspec import Struct

from casebaton.store import names
from casebaton.store.facts import ENDED
from casebaton.store.log import Entry


class Card(Struct, frozen=True):
    """What of a card is looked at."""

    subject: str = ""
    customer: str = ""


class _Event(Struct):
    case: str = ""
    state: str = ""
    card: Card | None = None


_read_event = msgspec.json.Decoder(_Event).decode


def text_of(case: str, card: Card) -> str:
    """What a case is found by, beside its queue."""
    return names.key(f"{case} {card.subject} {card.customer}")


class Wanted(NamedTuple):
    """What is looked for: each word stands in the case's text or in its queue's name. Empty fields ask nothing."""

    words: tuple[str, ...]
    queue: str = ""
    state: str = ""
    agent: str = ""

    def has_words(self, text: str, queue: str) -> bool:
        """Are all words there?"""
        return all(word in text or word in queue.lower() for word in self.words)

    def fits(self, queue: str, state: str, agent: str) -> bool:
        """Is a case at such a place asked for?"""
        return self.queue in ("", queue) and self.state in ("", state) and self.agent in ("", agent)


class Subjects:
    """The texts of the cases of a workspace: from pages, while the log's entries go on."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def take_page(self, cards: Iterable[tuple[str, Card]]) -> None:
        """Cards as the store had them. What an entry has told meanwhile is at least as new."""
        for case, card in cards:
            if case not in self.texts:
                self.texts[case] = text_of(case, card)

    def take_entry(self, entry: Entry) -> None:
        """The log's next entry. Raises msgspec.DecodeError."""
        event = _read_event(entry.body)
        if event.state in ENDED:
            self.texts.pop(event.case, None)
        elif event.case and event.card is not None:
            self.texts[event.case] = text_of(event.case, event.card)
