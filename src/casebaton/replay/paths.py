"""What the log tells of who owned what, beside what the trace tells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from casebaton.client import Event
from casebaton.replay.owners import FollowedCase, Path, Reason

_GIVES = frozenset({"case_accepted", "case_taken", "case_assigned", "case_resumed"})
_decode = msgspec.json.Decoder(Event).decode


class LoggedPaths:
    """Folds the log's events, oldest first, into each case's owners. `capacity` is what each agent may hold."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.recorded_overrides = 0
        """Assignments above capacity that the log marks as such."""
        self.over_capacity = 0
        """Times an agent was given more than it may hold without such a mark."""
        self._paths: dict[str, Path] = defaultdict(Path)

    def saw(self, body: bytes) -> None:
        """Take the next event, as the log holds it."""
        event = _decode(body)
        if not event.case or not event.state:
            return
        self._paths[event.case].add(event.owner)
        if event.over_capacity:
            self.recorded_overrides += 1
        elif event.type in _GIVES:
            self.over_capacity += sum(
                held.agent == event.agent and held.primary + held.interruptible > self.capacity for held in event.held
            )

    def owners(self, case: str) -> tuple[str, ...]:
        """A case's path."""
        return tuple(self._paths[case].owners)


class Explained(Struct, frozen=True):
    """A path that differs as it must."""

    case: str
    reason: Reason


class Unexplained(Struct, frozen=True):
    """A path that differs and should not; `refused` is what the server said, if it refused an act."""

    case: str
    trace: tuple[str, ...]
    log: tuple[str, ...]
    refused: str | None


class Comparison(Struct):
    """The trace's paths beside the log's."""

    paths_equal: int
    paths_different: int
    explained: list[Explained]
    unexplained: list[Unexplained]


def compare(cases: Iterable[FollowedCase], paths: LoggedPaths, refused: Mapping[str, str]) -> Comparison:
    """Hold every case's path to the trace's; one with a reason, to how far the acts could lead."""
    found = Comparison(0, 0, [], [])
    for case in cases:
        owners = paths.owners(case.case)
        if owners == case.path:
            found.paths_equal += 1
            continue
        found.paths_different += 1
        if case.reason and owners == case.reachable:
            found.explained.append(Explained(case.case, case.reason))
        else:
            found.unexplained.append(Unexplained(case.case, case.path, owners, refused.get(case.case)))
    return found
