"""A book that only counts, for tests of what stores it."""

from collections.abc import Iterable
from typing import Any

import msgspec

from casebaton.history.saving import Batch
from casebaton.store.figures import Levels
from casebaton.store.log import Entry

WORK = ("support", "case", 0, "")


class CountingBook:
    """Counts each case's events in `live`, and all events of each level in `reasons`; refuses what is poisoned."""

    def __init__(self, records: Iterable[tuple[str, str, bytes]], *, poison: str = "") -> None:
        self.counts = {name: int(record) for kind, name, record in records if kind == "case"}
        self._poison = poison
        self._level = "none"
        self._touched: set[str] = set()
        self._sums: dict[tuple[Any, ...], dict[str, int]] = {}

    def configure(self, levels: Levels) -> None:
        """Count under the level of queue support."""
        self._level = str(levels.service_level_ms.get("support"))

    def take(self, entry: Entry, seq: int) -> None:  # noqa: ARG002  # a book's interface
        """Count it."""
        event = msgspec.json.decode(entry.body)
        if self._poison and event.get("case") == self._poison:
            raise ValueError("a customer's words")
        if case := event.get("case"):
            self.counts[case] = self.counts.get(case, 0) + 1
            self._touched.add(case)
        key = (0, event.get("queue", ""), "", "", "", event["type"], self._level)
        self._sums.setdefault(key, {"count": 0})["count"] += 1

    def flush(self) -> Batch:
        """Since the last call."""
        live = {("case", case): {"record": str(self.counts[case]).encode(), "priority": 0} for case in self._touched}
        batch = Batch({}, {"reasons": self._sums}, live)  # type: ignore[arg-type]
        self._touched, self._sums = set(), {}
        return batch
