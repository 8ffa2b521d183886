"""What an update of a case changed, in words: by what its events show before and after. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

NONE = "none"
LAST_MS = 253_402_300_800_000  # the year 10000, of which calendars here know nothing
# What is on a card besides the subject is named, not told: a life tells no more of a customer's words than the subject.
ON_CARD = {"customer": "customer", "url": "link", "place": "place"}
View = Mapping[str, Any]


def view_of(event: View, before: View | None) -> View | None:
    """What is seen of a case after an event: some show it anew, after the others it is as it was before."""
    return event if "channel" in event else before


def changes_of(event: View, before: View | None) -> str:
    """What a `case_updated` changed, old → new. A case's data are in no event, and words may have been erased since."""
    if before is None:
        return "what it was before is not told"
    told = [*_values(before, event), *_words(before.get("card"), event.get("card"))]
    if event.get("customer_activity"):
        told.append("a sign of the customer")
    if told:
        return ", ".join(told)
    are_words_there = "card" in before and "card" in event
    return "its data, or nothing that was not so before" if are_words_there else "what was written is erased"


def _values(before: View, after: View) -> Iterator[str]:
    for name, (title, say) in _VALUES.items():
        old, new = say(before.get(name)), say(after.get(name))
        if old != new:
            yield f"{title} {old} → {new}"


def _words(before: View | None, after: View | None) -> Iterator[str]:
    if before is None or after is None:
        return
    old, new = _quoted(before.get("subject")), _quoted(after.get("subject"))
    if old != new:
        yield f"subject {old} → {new}"
    yield from (title for name, title in ON_CARD.items() if before.get(name) != after.get(name))


def _quoted(text: str | None) -> str:
    return f"“{text}”" if text else NONE


def _instant(at_ms: int | None) -> str:
    if at_ms is None:
        return NONE
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC" if at_ms < LAST_MS else f"{at_ms} ms"


def _window(window: Mapping[str, int] | None) -> str:
    return f"{_instant(window['from_ms'])} to {_instant(window['until_ms'])}" if window else NONE


def _skills(asked: Mapping[str, int] | None) -> str:
    return " and ".join(f"{skill} {level}" for skill, level in sorted(asked.items())) if asked else NONE


_VALUES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "priority": ("priority", str),
    "due_at_ms": ("due", _instant),
    "skills": ("skills", _skills),
    "window": ("window", _window),
}
