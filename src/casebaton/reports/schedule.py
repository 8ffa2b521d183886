"""When a scheduled report is due, and how its file is written."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

from casebaton.errors import Invalid
from casebaton.history.schema import QUARTER_MS
from casebaton.reports.answer import Answer
from casebaton.reports.periods import Period

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")


def next_at(now_ms: int, clock: str, zone: str) -> int:
    """The next instant (ms) after now at which clocks in a zone show this, HH:MM. Raises Invalid."""
    if not _CLOCK.match(clock):
        raise Invalid("daily: expected a clock time such as 06:00")
    place = Period(0, QUARTER_MS, zone)
    day = place.clock(now_ms).date()
    while (at_ms := place.instant(datetime.combine(day, time.fromisoformat(clock)))) <= now_ms:
        day += timedelta(days=1)
    return at_ms


def file_of(pattern: Path, answer: Answer) -> Path:
    """The file for a report: `{from}` and `{until}` in its name are the period's days, `{report}` the report's name.

    Raises Invalid for another word in braces.
    """
    place = Period(answer.from_ms, answer.until_ms, answer.zone)
    words = {
        "from": f"{place.clock(answer.from_ms):%Y-%m-%d}",
        "until": f"{place.clock(answer.until_ms):%Y-%m-%d}",
        "report": answer.report,
    }
    for word in re.findall(r"\{(.*?)\}", str(pattern)):
        if word not in words:
            raise Invalid(f"out: expected {{from}}, {{until}} or {{report}} in braces, not {{{word}}}")
    return Path(re.sub(r"\{(.*?)\}", lambda found: words[found[1]], str(pattern)))


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all: whoever looks for it never finds half of it. Raises OSError, which names it."""
    with _reaching(path):
        handle, name = _create(path)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def try_place(path: Path) -> None:
    """Can a file be written there? Raises OSError, which names it."""
    with _reaching(path):
        handle, name = _create(path)
        os.close(handle)
        Path(name).unlink()


def _create(path: Path) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")


@contextmanager
def _reaching(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(f"{path} cannot be written: {error.strerror}") from error
