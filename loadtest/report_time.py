"""`report_time`: how long reports take over thirty days of a centre, on SQLite and on PostgreSQL.

The tables of quarter hours are filled as the book fills them, with a day of random lives, and that day again and again:
waits and handle times lognormal, twelve open hours a day, twenty queues, three priorities, four sets of skills, an
agent for 120 cases a day. What reports do not read is not there.
"""

import contextlib
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Table, text

from casebaton.history import database, schema
from casebaton.history.buckets import bucket_of
from casebaton.history.migrate import migrate
from casebaton.reports.catalogue import ask
from casebaton.settings import Settings
from loadtest.postgresql import NoPostgresql, run_postgresql
from loadtest.report import Skipped

SEED = 30
DAY_MS, HOUR_MS = 86_400_000, 3_600_000
BEGIN_MS = 20_500 * DAY_MS
OPEN = range(8, 20)  # hours of each day
EVENTS = 7  # of a life: queued, offered, accepted, wrapping, closed, and now and then more
QUEUES, TEAMS = 20, 10
LIVES_OF_AGENT = 120  # a day
SKILLS = ("", ",german,", ",french,", ",french,german,")
WORKSPACE = "centre"
POSTGRESQL = {"shared_buffers": "512MB", "work_mem": "64MB", "fsync": "off", "max_wal_size": "8GB"}
# Each as a page or a shell asks it; all of them over all days.
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "queues": ("queues", {"by": "queue"}),
    "queues_by_day": ("queues", {"by": "queue", "interval": "day"}),
    "durations": ("durations", {"by": "queue"}),
    "waits": ("waits", {"by": "queue"}),
    "agents": ("agents", {}),
    "staffing": ("staffing", {}),
}
Sums = defaultdict[tuple[Any, ...], defaultdict[str, int]]


class Day:
    """The sums of one day."""

    def __init__(self, chance: random.Random, begin_ms: int, lives: int) -> None:
        self.sums: defaultdict[str, Sums] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
        self._chance = chance
        self._agents = max(lives // LIVES_OF_AGENT, QUEUES)
        for _ in range(lives):
            self._live(begin_ms + OPEN.start * HOUR_MS + chance.randrange(len(OPEN) * HOUR_MS))
        for quarter in range(len(OPEN) * 4):
            for agent in range(self._agents):
                self._time(begin_ms + OPEN.start * HOUR_MS + quarter * schema.QUARTER_MS, agent)

    def _live(self, at_ms: int) -> None:
        """A case that waits, is offered, accepted, worked on and closed."""
        chance = self._chance
        number = chance.randrange(QUEUES)
        queue, channel = f"queue-{number:02}", ("case", "chat")[number % 2]
        priority = chance.choices((5, 2, 0), (80, 15, 5))[0]
        work = queue, channel, priority, chance.choices(SKILLS, (70, 15, 10, 5))[0]
        mine = self._agents // QUEUES  # who works for this queue, and for the next
        agent = f"agent-{(number * mine + chance.randrange(2 * mine)) % self._agents:03}"
        wait, ring, handle = (round(1000 * chance.lognormvariate(mean, 1.0)) for mean in (3.2, 1.6, 5.5))
        owned_ms, night_ms = at_ms + wait + ring, at_ms // DAY_MS * DAY_MS + DAY_MS - 1
        owned_ms, closed_ms = min(owned_ms, night_ms), min(owned_ms + handle, night_ms)
        self._add("queue_quarters", at_ms, *work, arrived=1, owned=1, in_time=int(wait + ring < 60_000), stays_begun=1)
        self._add("queue_quarters", owned_ms, *work, pushed=1, offered=1, accepted=1, waiting_ms=wait + ring)
        self._add("queue_quarters", closed_ms, *work, closed=1)
        for measure in ("first_owner", "first_owner_created", "speed_pushed", "dwell"):
            self._length(measure, owned_ms, work, wait + ring)
        self._length("response_accepted", owned_ms, work, ring)
        for measure, ms in (
            ("handle", handle),
            ("stint", handle),
            ("wrap_up", handle // 9),
            ("age", closed_ms - at_ms),
        ):
            self._length(measure, closed_ms, work, ms)
        for cause, ms in (("busy", wait), ("offered", ring)):
            self._add("waits", owned_ms, *work, cause, total_ms=ms, stays=1)
        told = {"handled": 1, "active_ms": handle, "accepted": 1, "response_ms": ring}
        self._add("agent_quarters", closed_ms, agent, _team(agent), queue, channel, **told)

    def _time(self, at_ms: int, number: int) -> None:
        agent, status = f"agent-{number:03}", "online" if self._chance.random() < 0.9 else "busy"
        times = {"total_ms": schema.QUARTER_MS, "capacity_ms": 10 * schema.QUARTER_MS}
        times |= {"idle_ms": self._chance.randrange(schema.QUARTER_MS), "held_primary_ms": 5 * schema.QUARTER_MS}
        self._add("agent_time", at_ms, agent, _team(agent), status, status, **times)

    def _add(self, table: str, at_ms: int, *key: Any, **counts: int) -> None:
        sums = self.sums[table][(at_ms // schema.QUARTER_MS * schema.QUARTER_MS, *key)]
        for name, count in counts.items():
            sums[name] += count

    def _length(self, measure: str, at_ms: int, work: tuple[Any, ...], ms: int) -> None:
        bucket = bucket_of(ms)
        quarter, block = at_ms // schema.QUARTER_MS * schema.QUARTER_MS, at_ms // schema.BLOCK_MS * schema.BLOCK_MS
        for table, key in (("durations", (quarter, *work)), ("duration_blocks", (block, *work[:2]))):
            sums = self.sums[table][(measure, *key, bucket)]
            sums["count"] += 1
            sums["total_ms"] += ms


def _team(agent: str) -> str:
    return f"team-{int(agent[-3:]) % TEAMS}"


def fill(engines: Iterable[Engine], days: int, lives: int, say: Callable[[str], None]) -> dict[str, int]:
    """So many days of so many lives in all, in each; returns how many rows the tables have."""
    day, counts = Day(random.Random(SEED), BEGIN_MS, lives // days), {}
    for engine in engines:
        migrate(engine)
        for name, sums in day.sums.items():
            _store(engine, schema.metadata.tables[name], sums)
            _repeat(engine, schema.metadata.tables[name], days)
            counts[name] = len(sums) * days
        say(f"{engine.dialect.name}: {days} days are there")
    for engine in engines:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))  # as both do by themselves in time
    return counts


def _store(engine: Engine, table: Table, sums: Sums) -> None:
    """By the drivers themselves: what SQLAlchemy adds is not what is measured."""
    keys = [column.name for column in table.primary_key.columns][1:]
    counts = [column.name for column in table.columns if not column.primary_key]
    rows = ((WORKSPACE, *key, *(added.get(name, 0) for name in counts)) for key, added in sorted(sums.items()))
    names = ", ".join(f'"{name}"' for name in ("workspace", *keys, *counts))
    with engine.begin() as connection:
        cursor: Any = connection.connection.cursor()
        if engine.dialect.name == "postgresql":
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * (1 + len(keys) + len(counts)))
            cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)


def _repeat(engine: Engine, table: Table, days: int) -> None:
    """The first day again and again: as many rows as other random days would have, without the time to make them."""
    names = [column.name for column in table.columns]
    later = ["at_ms + :later_ms" if name == "at_ms" else f'"{name}"' for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    copy = f"INSERT INTO {table.name} ({quoted}) SELECT {', '.join(later)} FROM {table.name} WHERE at_ms < :end_ms"
    for day in range(1, days):
        with engine.begin() as connection:
            connection.execute(text(copy), {"later_ms": day * DAY_MS, "end_ms": BEGIN_MS + DAY_MS})


def ask_all(engine: Engine, days: int) -> dict[str, float]:
    """How long each report takes, in seconds: the second of two, as of a database that is in use."""
    end_ms = BEGIN_MS + days * DAY_MS
    query = {"from": str(BEGIN_MS), "until": str(end_ms), "zone": "Europe/Berlin"}
    found = {}
    for name, (report, more) in QUESTIONS.items():
        given = {word: [value] for word, value in (query | more).items()}
        for _ in range(2):
            began_at = time.perf_counter()
            answer = ask(engine, report, given, workspace=WORKSPACE, now_ms=end_ms)
            found[name] = round(time.perf_counter() - began_at, 3)
        assert answer.rows, f"{name} has no rows"
    return found


@contextmanager
def _databases() -> Iterator[dict[str, Engine]]:
    """An empty history of either kind. Raises Skipped."""
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="casebaton-load-"))
        try:
            postgresql = stack.enter_context(run_postgresql(**POSTGRESQL))
        except NoPostgresql as error:
            raise Skipped(str(error)) from error
        found = {}
        for kind, settings in (
            ("sqlite", Settings(data_dir=directory)),
            ("postgresql", Settings(history_url=postgresql)),
        ):
            url = database.find(settings)
            assert url is not None
            found[kind] = database.open_engine(url, is_writer=True)
            stack.callback(found[kind].dispose)
        yield found


async def measure(say: Callable[[str], None], *, events: int, days: int = 30) -> dict[str, Any]:
    """`events` are so many as would have made these rows."""
    value: dict[str, Any] = {"events": events, "lives": events // EVENTS}
    with _databases() as engines:
        value["rows"] = fill(engines.values(), days, events // EVENTS, say)
        for kind, engine in engines.items():
            times = value[kind] = ask_all(engine, days)
            say(f"{kind}: {times}")
            value |= {f"{kind}_s": times["queues"], f"{kind}_slowest_s": max(times.values())}
    return value
