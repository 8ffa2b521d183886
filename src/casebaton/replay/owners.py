"""A trace's own owners: through whose hands each case went, and who did what to bring it about.

Pure: text in, script out. What the rows mean is written down in `docs/replay.md`.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict, replace

from casebaton.replay.rows import (
    COLUMNS,
    Life,
    Row,
    Submission,
    agent_of,
    is_awaiting,
    is_ended,
    members,
    queue_of,
    read_lives,
    seconds,
    submission,
)

NOBODY = "none"  # as the server names the owner of an ended case

ActKind = Literal["submit", "reopen", "transfer", "own", "return", "park", "resume", "end"]
Reason = Literal["reopened_unowned"]


class Act(Struct, frozen=True):
    """What somebody does with a case: into `queue`, or into the hands of `agent`. `at_s` is when."""

    kind: ActKind
    at_s: float
    queue: str = ""
    agent: str = ""


class FollowedCase(Submission, frozen=True, kw_only=True):
    """A case with all that the trace does with it, one act after the other.

    `path` are its owners as the trace tells them, `reachable` those to whom the acts lead it: all of them, unless
    `reason` says why not.
    """

    acts: tuple[Act, ...]
    path: tuple[str, ...]
    reachable: tuple[str, ...]
    reason: Reason | None = None


class Script(Struct, frozen=True):
    """Everything to follow: `queues` are their agents' names by queue."""

    queues: Mapping[str, tuple[str, ...]]
    cases: tuple[FollowedCase, ...]
    rows: int

    @property
    def acts(self) -> int:
        """How many acts there are."""
        return sum(len(case.acts) for case in self.cases)


class Path:
    """The owners of one case in order, each named once for as long as it lasts."""

    def __init__(self) -> None:
        self.owners: list[str] = []

    def add(self, owner: str) -> None:
        """Go on with an owner, who may be the same."""
        if self.owners[-1:] != [owner]:
            self.owners.append(owner)


def read(lines: Iterable[str]) -> Script:
    """Read a trace; times are the trace's own. Raises Invalid with the line of the first fault."""
    lives = read_lives(lines)
    return Script(members(lives), tuple(_case(life) for life in lives), sum(len(life) for life in lives))


def pace(script: Script, within_s: float) -> Script:
    """Let all acts of all cases come in the trace's order, evenly over `within_s`."""
    ordered = sorted(
        (act.at_s, number, step) for number, case in enumerate(script.cases) for step, act in enumerate(case.acts)
    )
    due = {(number, step): place * within_s / len(ordered) for place, (_, number, step) in enumerate(ordered)}
    cases = (
        replace(case, acts=tuple(replace(act, at_s=due[number, step]) for step, act in enumerate(case.acts)))
        for number, case in enumerate(script.cases)
    )
    return replace(script, cases=tuple(cases))


def path_of(life: Life) -> tuple[str, ...]:
    """The owners that the rows name: the queue that a case comes into or lies in, the agent who has it, nobody at an
    end. A reopened case begins in the queue that it had.
    """
    path, queue = Path(), ""
    for row, is_end in _with_ends(life):
        if path.owners[-1:] == [NOBODY]:
            path.add(f"queue:{queue}")
        if queue_of(row) != queue or not agent_of(row):
            queue = queue_of(row)
            path.add(f"queue:{queue}")
        if agent_of(row):
            path.add(f"agent:{agent_of(row)}")
        if is_end:
            path.add(NOBODY)
    return tuple(path.owners)


def _with_ends(life: Life) -> Iterator[tuple[Row, bool]]:
    """Each row, and whether an end is complete with it: successive `Resolved` and `Closed` rows are one end."""
    for row, following in pairwise((*life, None)):
        assert row is not None
        yield row, is_ended(row) and (following is None or not is_ended(following))


def _case(life: Life) -> FollowedCase:
    course, followed = _Course(life[0]), 0
    for row, is_end in _with_ends(life):
        if course.is_withdrawn:
            break
        course.follow(row, is_end)
        followed += 1
    return FollowedCase(
        **asdict(submission(life[0])),
        acts=tuple(course.acts),
        path=path_of(life),
        reachable=path_of(life[:followed]),
        reason="reopened_unowned" if followed < len(life) else None,
    )


class _Course:
    """Works out the acts that lead a case from row to row."""

    def __init__(self, first: Row) -> None:
        self.acts = [Act("submit", seconds(first[COLUMNS.opened_at]), queue=queue_of(first))]
        self.is_withdrawn = False
        self._queue = queue_of(first)
        self._agent = ""
        self._is_parked = False
        self._is_over = False

    def follow(self, row: Row, is_end: bool) -> None:
        """Take the case to where the row has it."""
        if self._is_over:
            self._act("reopen", row)
            self._agent, self._is_over = "", False
        self._move(row)
        self._park(row)
        if is_end:
            self._act("end", row)
            # Only an owner can close a case; one without is withdrawn, and that cannot be taken back.
            self.is_withdrawn = not self._agent
            self._is_over, self._is_parked = True, False

    def _move(self, row: Row) -> None:
        queue, agent = queue_of(row), agent_of(row)
        if queue != self._queue:
            self._act("transfer", row, queue=queue)
            self._queue, self._agent, self._is_parked = queue, "", False
        if agent and agent != self._agent:
            self._act("own", row, agent=agent)
            self._agent, self._is_parked = agent, False
        elif self._agent and not agent:
            self._act("return", row)
            self._agent, self._is_parked = "", False

    def _park(self, row: Row) -> None:
        if is_awaiting(row) and self._agent and not self._is_parked:
            self._act("park", row)
            self._is_parked = True
        elif self._is_parked and not is_awaiting(row):
            self._act("resume", row)
            self._is_parked = False

    def _act(self, kind: ActKind, row: Row, queue: str = "", agent: str = "") -> None:
        at_s = max(self.acts[-1].at_s, seconds(row[COLUMNS.updated_at]))
        self.acts.append(Act(kind, at_s, queue, agent))
