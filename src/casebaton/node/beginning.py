"""What somebody who begins to watch a workspace has still to be told, in parts that no frame is too small for."""

from typing import NamedTuple, TypeVar

from casebaton.node.board import Row
from casebaton.store.alerts import Alert
from casebaton.store.overview import Item

PART = 250  # items of a frame: some 100 KB of agents

Each = TypeVar("Each")


class Part(NamedTuple):
    """Of a beginning: agents and queues, then alerts, then rows of figures."""

    items: list[Item]
    alerts: list[Alert]
    rows: list[Row]


class Beginning:
    """All that is left, each list in its order."""

    def __init__(self, items: list[Item], alerts: list[Alert], rows: list[Row]) -> None:
        self._items, self._alerts, self._rows = items[::-1], alerts[::-1], rows[::-1]

    def is_over(self) -> bool:
        """Has everything been taken?"""
        return not (self._items or self._alerts or self._rows)

    def take(self) -> Part:
        """The next part."""
        items = _pop(self._items, PART)
        alerts = _pop(self._alerts, PART - len(items))
        return Part(items, alerts, _pop(self._rows, PART - len(items) - len(alerts)))


def _pop(stack: list[Each], most: int) -> list[Each]:
    return [stack.pop() for _ in range(min(most, len(stack)))]
