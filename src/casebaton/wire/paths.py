"""Where in a value, as JSON gave it, something stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

LONGEST = 200  # of a path that is told
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z")

Members = Iterator[tuple[str | int, Any]]


def path_of_first(value: Any, is_it: Callable[[Any], bool]) -> str | None:
    """The path (`$.data.floor[1]`, shortened when it is long) of the first text, list or object that `is_it`.

    On the way down only the steps are kept, and one path is made at the end: a path for each member would take memory
    as the square of what a client sends.
    """
    first: Members = iter([("$", value)])
    steps: list[str | int] = []
    left = [first]
    while left:
        step, one = next(left[-1], (None, None))
        if step is None:
            left.pop()
            if steps:
                steps.pop()
        elif isinstance(one, str | list | dict):
            if is_it(one):
                return _written([*steps, step])
            if not isinstance(one, str):
                steps.append(step)
                left.append(iter(one.items()) if isinstance(one, dict) else enumerate(one))
    return None


def _written(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        if len(path) > LONGEST:
            return f"{path[:LONGEST]}…"
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += step if step == "$" and not path else f".{step}" if _NAME.match(step) else "[...]"
    return path
