"""The checks of a workspace document that concern its queues as lines: where each overflows to, who is a member."""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from casebaton.errors import Finding
from casebaton.workspace.faults import step
from casebaton.workspace.routing import unknown_skills

MOST_OVERFLOWS = 7  # one after the other; the engine follows no more


class Line(Protocol):
    """What the checks here read of a queue."""

    overflow: str | None
    member_skills: dict[str, int]


def faults(queues: Mapping[str, Line], skills: Collection[str]) -> Iterator[Finding]:
    """Skills and overflows to queues that are not there; overflows in a circle, or over too many queues."""
    for name, queue in queues.items():
        yield from unknown_skills(queue.member_skills, skills, f"{step('$.queues', name)}.member_skills")
        path = f"{step('$.queues', name)}.overflow"
        if queue.overflow is not None and queue.overflow not in queues:
            yield Finding(path, f"there is no queue {queue.overflow}")
            continue
        passed, at = [name], queue.overflow
        while at is not None and at in queues and at not in passed and len(passed) <= MOST_OVERFLOWS + 1:
            passed.append(at)
            at = queues[at].overflow
        if at is not None and at == name:
            yield Finding(path, f"must not come back to where it began: {' -> '.join([*passed, name])}")
        elif len(passed) > MOST_OVERFLOWS + 1:
            yield Finding(path, f"must not lead over more than {MOST_OVERFLOWS} queues: {' -> '.join(passed)}")
