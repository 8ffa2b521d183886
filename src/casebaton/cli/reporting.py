"""What `casebaton report` and `casebaton life` do: open the history, ask it, print, write files."""

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from sqlalchemy import Engine

from casebaton.cli.common import Failure, expecting_errors
from casebaton.errors import CasebatonError
from casebaton.history.database import find, open_engine
from casebaton.history.migrate import check
from casebaton.reports import catalogue, schedule
from casebaton.reports.answer import Answer
from casebaton.reports.csv import life_to_csv, to_csv
from casebaton.reports.text import life_to_text, to_text
from casebaton.settings import NO_HISTORY, Settings

LOOK_EVERY_S = 30.0  # whether a scheduled report is due: clocks may be set
AGAIN_AFTER_S = 60.0  # when it could not be made
FORMS: dict[str, Callable[[Answer], str]] = {
    "text": to_text,
    "csv": to_csv,
    "json": lambda answer: msgspec.json.encode(answer).decode() + "\n",
}
Given = dict[str, list[str]]
Asking = Callable[[int], Answer]
"""Asks for a report as of an instant (ms)."""


@contextmanager
def open_history(settings: Settings) -> Iterator[Engine]:
    """The history to read from. A Failure when there is none."""
    url = find(settings)
    if url is None:
        raise Failure(f"history_url is {NO_HISTORY}: there is no history to report from")
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        raise Failure(f"there is no history {url.database}: name a data directory with --data-dir, or a --history-url")
    with expecting_errors():
        engine = open_engine(url)
        try:
            check(engine)
            yield engine
        finally:
            engine.dispose()


def asking(engine: Engine, name: str, given: Given, workspace: str) -> Asking:
    """One report, to be asked for again and again."""

    def ask(now_ms: int) -> Answer:
        return catalogue.ask(engine, name, given, workspace=workspace, now_ms=now_ms)

    return ask


def list_reports() -> None:
    """Print which there are."""
    for each in catalogue.REPORTS.values():
        click.echo(f"{each.name:12}{each.says}")


def print_report(ask: Asking, form: str, out: Path | None) -> None:
    """Print it, or write it to a file."""
    answer = ask(now_ms())
    text = FORMS[form](answer)
    if out is None:
        click.echo(text, nl=False)
    else:
        schedule.write(schedule.file_of(out, answer), text)


def print_life(engine: Engine, workspace: str, case: str, zone: str, form: str) -> None:
    """Print a case's life."""
    told = catalogue.ask_life(engine, case, workspace=workspace)
    if form == "json":
        click.echo(msgspec.json.encode(told))
    else:
        click.echo((life_to_csv if form == "csv" else life_to_text)(told, zone), nl=False)


def now_ms() -> int:
    """By this machine's clock."""
    return round(time.time() * 1000)


def zone_of(given: Mapping[str, list[str]]) -> str:
    """By whose clocks a report is."""
    return (given.get("zone") or ["UTC"])[0]


def write_daily(
    ask: Asking,
    form: str,
    out: Path,
    clock: str,
    zone: str,
    *,
    now: Callable[[], int] = now_ms,
    rest: Callable[[float], None] = time.sleep,
) -> None:
    """Write the report's file each day at a clock time of a zone, until interrupted. When it cannot be made it is tried
    again every minute. Raises Invalid for a clock time that is none, and at once whatever the question is refused for,
    and OSError when no file can be written there.
    """
    schedule.try_place(schedule.file_of(out, ask(now())))
    while True:
        due_ms = schedule.next_at(now(), clock, zone)
        while (left_ms := due_ms - now()) > 0:
            rest(min(left_ms / 1000, LOOK_EVERY_S))
        while not _write(functools.partial(ask, due_ms), form, out):
            rest(AGAIN_AFTER_S)


def _write(ask: Callable[[], Answer], form: str, out: Path) -> bool:
    try:
        answer = ask()
        path = schedule.file_of(out, answer)
        schedule.write(path, FORMS[form](answer))
    except (CasebatonError, OSError) as error:
        click.echo(f"casebaton: {error}", err=True)
        return False
    click.echo(str(path))
    return True
