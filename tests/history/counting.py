"""A book that only counts, for tests of what stores it."""

from collections.abc import Iterable, Mapping
from typing import Any

from casebaton.history.book.batch import Batch, live_row
from casebaton.history.book.events import BookEvent
from casebaton.store.figures import Levels
from casebaton.store.fold import Fold


class CountingBook:
    """Counts each case's events in `live`, and all events of each level in `reasons`; refuses what is poisoned."""

    def __init__(self, records: Iterable[tuple[str, str, bytes]], *, poison: str = "") -> None:
        self.counts = {name: int(record) for kind, name, record in records if kind == "case"}
        self._poison = poison
        self._level = "none"
        self.anchors: list[Any] = []
        self._touched: set[str] = set()
        self._sums: dict[tuple[Any, ...], dict[str, int]] = {}

    def configure(self, levels: Levels) -> None:
        """Count under the level of queue support."""
        self._level = str(levels.service_level_ms.get("support"))

    def anchor(self, fold: Fold, at_ms: int, teams: Mapping[str, str]) -> None:
        """Remember what was told."""
        self.anchors.append((fold.log_seq, sorted(fold.cases), at_ms, dict(teams)))

    def take(self, event: BookEvent) -> None:
        """Count it."""
        if self._poison and event.case == self._poison:
            raise ValueError("a customer's words")
        if event.case:
            self.counts[event.case] = self.counts.get(event.case, 0) + 1
            self._touched.add(event.case)
        key = (0, event.queue, "", "", "", event.type, self._level)
        self._sums.setdefault(key, {"count": 0})["count"] += 1

    def flush(self) -> Batch:
        """Since the last call."""
        live = {("case", case): live_row({"record": str(self.counts[case]).encode()}) for case in self._touched}
        batch = Batch({}, {"reasons": self._sums}, live)
        self._touched, self._sums = set(), {}
        return batch
