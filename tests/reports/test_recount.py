"""What reports say of random lives of the real engine, beside what the raw log gives when it is counted anew."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import Engine as Tables
from sqlalchemy import delete, insert

from casebaton.history.book.book import Book
from casebaton.history.book.events import read_event
from casebaton.history.saving import Page, Place, save
from casebaton.history.schema import metadata, progress
from casebaton.reports.answer import Answer
from casebaton.reports.catalogue import ask
from tests.engine import open_engine
from tests.history.book.reading import read_into
from tests.history.lives import Lives
from tests.history.recount import Recount
from tests.history.stretches import ENDED, Event, Work, by, visits_of, work_of

ZONE = "Asia/Kathmandu"  # its days begin at a quarter to
Key = tuple[Any, ...]


class Counted(Recount):
    """Keeps each length of time as well."""

    def __init__(self, lives: Lives) -> None:
        self.lengths: defaultdict[str, list[tuple[int, Work, int]]] = defaultdict(list)
        super().__init__(lives.entries, lives.levels)
        self.now_ms = self.events[-1]["at_ms"]
        self.visits = [v for life in by(self.events, _case_of).values() for v in visits_of(life)]

    def length(self, measure: str, end: Event, work: Work, ms: int) -> None:
        super().length(measure, end, work, ms)
        self.lengths[measure].append((end["at_ms"], work, max(ms, 0)))

    def overdue(self) -> list[Event]:
        """The arrivals that nobody has owned and that wait for longer than their target."""
        fresh = [v[0] for v in self.visits if v[-1]["state"] not in ENDED and all(e["state"] != "active" for e in v)]
        return [first for first in fresh if self.waited_ms(first) > self.target_ms(first)]

    def waited_ms(self, first: Event) -> int:
        """How long an arrival has waited by now, in its queue's open time."""
        return self.open_ms(first["queue"], first["at_ms"], self.now_ms)

    def target_ms(self, first: Event) -> int:
        """Its queue's service level then."""
        return self.levels[first["config"]].service_level_ms[first["queue"]]


def _case_of(event: Event) -> str | None:
    return event["case"] if "case" in event and "state" in event else None


class World(NamedTuple):
    """A log that was counted anew, and the history of it."""

    counted: Counted
    tables: Tables

    def ask(self, report: str, **given: str) -> Answer:
        """Of all of the log."""
        begin, end = self.counted.events[0]["at_ms"], self.counted.now_ms + 900_000
        query = {"from": str(begin), "until": str(end), "zone": ZONE} | given
        words = {name: [value] for name, value in query.items()}
        return ask(self.tables, report, words, workspace="lives", now_ms=self.counted.now_ms)


def keep(lives: Lives, tables: Tables, page: int = 700) -> None:
    """Store what the log amounts to, page by page."""
    book, before = Book(), Place()
    with tables.begin() as connection:
        row = {"workspace": "lives", "position": before.position, "seq": 0, "at_ms": 0, "writer": "me"}
        connection.execute(insert(progress), row)
    for start in range(0, len(lives.entries), page):
        entries = lives.entries[start : start + page]
        read_into(book, entries, lives.levels)
        after = Place(entries[-1].position, entries[-1].seq, read_event(entries[-1]).at_ms)
        with tables.begin() as connection:
            save(connection, "lives", "me", Page(before, after, batch=book.flush()))
        before = after


@pytest_asyncio.fixture(
    scope="module", loop_scope="session", params=[3_000, pytest.param(100_000, marks=pytest.mark.nightly)]
)
async def lives(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Lives]:
    """So many events."""
    async with open_engine(redis_url, "lives") as engine:
        lives = Lives(engine, seed=7)
        await lives.play(request.param)
        yield lives


@pytest.fixture(scope="module")
def world(lives: Lives, tables: Tables) -> World:
    """A history that knows nothing else."""
    with tables.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(delete(table).where(table.c.workspace == "lives"))
    keep(lives, tables)
    return World(Counted(lives), tables)


def hour(at_ms: int) -> str:
    """What clocks show, to the hour."""
    return f"{datetime.fromtimestamp(at_ms / 1000, ZoneInfo(ZONE)):%Y-%m-%d %H:00}"


def sums(world: World, table: str, key: Callable[[Key], Key]) -> dict[Key, Counter[str]]:
    """The sums of a table, by what a key of it belongs to."""
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for place, counts in world.counted.sums[table].items():
        found[key(place)].update(counts)
    return found


def names(answer: Answer, *columns: str) -> dict[Key, dict[str, Any]]:
    """The rows by what stands before their numbers."""
    return {tuple(row[name] for name in columns): row for row in answer.rows}


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def rank(lengths: Iterable[int], percent: int) -> int | None:
    """The k-th shortest, exactly."""
    ordered = sorted(lengths)
    return ordered[math.ceil(len(ordered) * percent / 100) - 1] if ordered else None


def assert_rank(found: int | None, lengths: list[int], percent: int) -> None:
    exact = rank(lengths, percent)
    if exact is None:
        assert found is None
    else:
        assert found is not None
        assert exact <= found <= exact * 17 / 16 + 100


def test_queues_by_hour(world: World) -> None:
    expected = sums(world, "queue_quarters", lambda key: (hour(key[0]), key[1]))
    late = Counter((hour(first["at_ms"]), first["queue"]) for first in world.counted.overdue())
    found = names(world.ask("queues", by="queue", interval="hour"), "interval", "queue")
    assert found.keys() == expected.keys() | late.keys()
    lengths = defaultdict(list)
    for at_ms, work, ms in world.counted.lengths["first_owner"]:
        lengths[hour(at_ms), work[0]].append(ms)
    for key, row in found.items():
        counts = expected[key]
        for column in set(row) & set(counts):
            assert row[column] == counts[column], (key, column)
        judged = counts["owned"] + counts["abandoned"] + late[key]
        assert row["overdue"] == late[key]
        assert row.get("level") == share(counts["in_time"], judged)
        assert row.get("abandoned_share") == share(counts["abandoned"] + counts["short_abandoned"], counts["arrived"])
        assert row.get("missed_share") == share(
            counts["missed"], counts["accepted"] + counts["declined"] + counts["missed"]
        )
        for percent in (50, 90, 95, 99):
            assert_rank(row.get(f"first_owner_p{percent}_ms"), lengths[key], percent)


def test_queues_by_skill_and_by_priority(world: World) -> None:
    by_skill = names(world.ask("queues", by="skill"), "skill")
    arrived: Counter[str] = Counter()
    for visit in world.counted.visits:
        arrived.update(work_of(visit[0])[3].strip(",").split(","))
    assert {key[0]: row["arrived"] for key, row in by_skill.items() if row["arrived"]} == +arrived
    found = world.ask("queues", by="priority")
    assert found.total["arrived"] == len(world.counted.visits)
    assert {key[0]: row["arrived"] for key, row in names(found, "priority").items() if row["arrived"]} == Counter(
        visit[0]["priority"] for visit in world.counted.visits
    )


def test_open_hours(world: World) -> None:
    counted = world.counted
    answer = world.ask("queues", by="queue")
    for (queue,), row in names(answer, "queue").items():
        shut_ms = counted.now_ms - answer.from_ms - counted.open_ms(queue, answer.from_ms, counted.now_ms)
        assert row["open_ms"] == answer.until_ms - answer.from_ms - shut_ms


@pytest.mark.parametrize("by", ["queue", "channel"])
def test_durations(world: World, by: str) -> None:
    expected = defaultdict(list)
    for measure, lengths in world.counted.lengths.items():
        for _, work, ms in lengths:
            expected[work[0] if by == "queue" else work[1], measure].append(ms)
    found = names(world.ask("durations", by=by, histogram="1"), by, "measure")
    assert found.keys() == expected.keys()
    assert len({measure for _, measure in found}) == 16
    for key, row in found.items():
        assert (row["count"], row["mean_ms"]) == (len(expected[key]), round(statistics.fmean(expected[key])))
        for percent in (50, 90, 95, 99):
            assert_rank(row[f"p{percent}_ms"], expected[key], percent)
        bounds = [0, *(until for until, _ in row["histogram"])]
        for (until_ms, count), before_ms in zip(row["histogram"], [-1, *bounds[1:]], strict=False):
            assert count == sum(before_ms < ms <= until_ms for ms in expected[key])


def test_where_waiting_time_went(world: World) -> None:
    expected: Counter[Key] = Counter()
    for stay in world.counted.rows["stays"]:
        expected.update({(stay["queue"], cause): ms for cause, ms in stay["waited"].items()})
    found = names(world.ask("waits", by="queue"), "queue", "cause")
    assert {key: row["total_ms"] for key, row in found.items() if row["total_ms"]} == +expected
    for queue in {queue for queue, _ in found}:
        stayed_ms = sum(stay["dwell_ms"] for stay in world.counted.rows["stays"] if stay["queue"] == queue)
        assert sum(row["total_ms"] for key, row in found.items() if key[0] == queue) == stayed_ms


def test_agents_work(world: World) -> None:
    found = names(world.ask("agents", by="agent,team"), "agent", "team")
    offers: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    stints: defaultdict[Key, list[Event]] = defaultdict(list)
    for offer in world.counted.rows["offers"]:
        offers[offer["agent"], offer["team"]][offer["answer"]] += 1
    for stint in world.counted.rows["ownerships"]:
        stints[stint["agent"], stint["team"]].append(stint)
    for key, row in found.items():
        answers = offers[key]
        assert (row["accepted"], row["declined"], row["missed"], row["revoked"]) == (
            *(answers["accepted"], answers["declined"], answers["expired"], answers["revoked"]),
        )
        ended = [s for s in stints[key] if s["ended_how"] in ("closed", "cancelled")]
        assert (row["handled"], row["handed_on"]) == (len(ended), len(stints[key]) - len(ended))
        assert row["shared"] == sum(stint["is_shared"] for stint in stints[key])
        handle = [s["active_ms"] + s["wrap_up_ms"] - s["away_ms"] for s in stints[key]]
        assert row.get("handle_mean_ms") == (round(statistics.fmean(handle)) if handle else None)


def test_agents_time_and_occupancy(world: World) -> None:
    until_ms = world.counted.until_ms
    found = names(world.ask("agents", until=str(until_ms)), "agent")
    for (agent,), row in found.items():
        rows = [(key, counts) for key, counts in world.counted.sums["agent_time"].items() if key[1] == agent]
        online = [counts for key, counts in rows if key[4] == "online"]
        held = sum(counts["held_primary_ms"] + counts["held_interruptible_ms"] for counts in online)
        for status in ("online", "busy", "offline", "not_responding"):
            assert row[f"{status}_ms"] == sum(counts["total_ms"] for key, counts in rows if key[4] == status)
        assert row["idle_ms"] == sum(counts["idle_ms"] for counts in online)
        assert row.get("occupancy") == share(held, sum(counts["capacity_ms"] for counts in online))
    labels = names(world.ask("statuses", by="agent", until=str(until_ms)), "agent", "status", "label")
    expected = sums(world, "agent_time", lambda key: (key[1], key[4], key[3]))
    assert {key: row["total_ms"] for key, row in labels.items()} == {
        key: one["total_ms"] for key, one in expected.items()
    }


def test_few_agents_by_name_have_exact_ranks(world: World) -> None:
    [row] = world.ask("agents", agent="ana").rows
    response = [
        o["response_ms"] for o in world.counted.rows["offers"] if o["agent"] == "ana" and o["answer"] != "revoked"
    ]
    stints = [
        s["active_ms"] + s["wrap_up_ms"] - s["away_ms"] for s in world.counted.rows["ownerships"] if s["agent"] == "ana"
    ]
    for percent in (50, 90, 95, 99):
        assert_rank(row.get(f"response_p{percent}_ms"), response, percent)
        assert_rank(row.get(f"stint_p{percent}_ms"), stints, percent)


def test_reasons(world: World) -> None:
    expected = sums(world, "reasons", lambda key: (key[5], key[6]))
    found = names(world.ask("reasons"), "what", "reason")
    assert {key: row["count"] for key, row in found.items()} == {
        key: counts["count"] for key, counts in expected.items()
    }
    for what in {what for what, _ in found}:
        assert sum(row["share"] for key, row in found.items() if key[0] == what) == pytest.approx(1)


def test_ageing(world: World) -> None:
    now_ms = world.counted.now_ms
    live = [visit for visit in world.counted.visits if visit[-1]["state"] not in ENDED]
    found = names(world.ask("ageing", by="queue", idle_s="60"), "queue")
    for (queue,), row in found.items():
        of_queue = [visit[-1] for visit in live if visit[-1]["queue"] == queue]
        for state in ("waiting", "offered", "active", "parked", "wrapping"):
            assert row[state] == sum(event["state"] == state for event in of_queue)
        waits = [
            now_ms - visit_since(visit)
            for visit in live
            if visit[-1]["queue"] == queue and visit[-1]["state"] in ("waiting", "offered")
        ]
        assert row.get("oldest_wait_ms") == (max(waits) if waits else None)
        assert row["in_line_1m"] == sum(wait <= 60_000 for wait in waits)
        assert row["idle_owned"] == sum(e["state"] == "active" and now_ms - e["at_ms"] > 60_000 for e in of_queue)


def visit_since(visit: list[Event]) -> int:
    """When the present stay began: the last event by which the case came into its line."""
    place = [event["queue"] if event["state"] in ("waiting", "offered") else None for event in visit]
    first = len(visit) - 1
    while first and place[first - 1] == place[first]:
        first -= 1
    return int(visit[first]["at_ms"])


def test_field_service(world: World) -> None:
    rows = world.counted.rows
    total = world.ask("field").total
    for end in ("completed", "cannot_complete", "cancelled"):
        assert total[end] == sum(stage["next_stage"] == end for stage in rows["stages"])
    for stage in ("scheduled", "dispatched", "travelling", "in_progress"):
        lengths = [s["ended_at_ms"] - s["began_at_ms"] for s in rows["stages"] if s["stage"] == stage]
        assert total.get(f"{stage}_mean_ms") == (round(statistics.fmean(lengths)) if lengths else None)
        assert_rank(total.get(f"{stage}_p90_ms"), lengths, 90)
    came: dict[Key, int] = {}
    for row in sorted(rows["stages"], key=lambda one: one["ended_at_ms"], reverse=True):
        if row["next_stage"] == "in_progress":
            came[row["case_id"], row["visit"]] = row["ended_at_ms"]
    planned = [
        (came[v["case_id"], v["visit"]], v)
        for v in rows["visits"]
        if v["window_until_ms"] and (v["case_id"], v["visit"]) in came
    ]
    assert total["arrived"] == len(planned) > 0
    assert total["late"] == sum(at_ms >= visit["window_until_ms"] for at_ms, visit in planned)
    assert total["early"] == sum(at_ms < visit["window_from_ms"] for at_ms, visit in planned)


def test_staffing(world: World) -> None:
    counted, until_ms = world.counted, world.counted.until_ms
    answer = world.ask("staffing", interval="hour", until=str(until_ms))
    for row in answer.rows:
        queue, opened = row["queue"], [counted.open_ms(row["queue"], *_hour_of(row, answer, until_ms))]
        arrived = [
            v[0]
            for v in counted.visits
            if v[0]["queue"] == queue and hour(v[0]["at_ms"]) == row["interval"] and v[0]["at_ms"] < until_ms
        ]
        assert row["arrived"] == len(arrived)
        handles = [ms for at_ms, work, ms in counted.lengths["handle"] if work[0] == queue and at_ms < until_ms]
        if "load" in row:
            assert row["load"] == pytest.approx(len(arrived) / opened[0] * statistics.fmean(handles), abs=0.001)
            assert row["agents"] == pytest.approx(
                _present(counted, queue, row["interval"], until_ms) / opened[0], abs=0.01
            )
    assert any("load" in row for row in answer.rows)


def _hour_of(row: dict[str, Any], answer: Answer, until_ms: int) -> tuple[int, int]:
    begin = max(row["at_ms"], answer.from_ms)
    at = datetime.fromtimestamp(begin / 1000, ZoneInfo(ZONE))
    return begin, min(begin + (60 - at.minute) * 60_000 - at.second * 1000, until_ms)


def _present(counted: Counted, queue: str, interval: str, until_ms: int) -> float:
    """Online time in an hour, of each agent by the share of its work that the queue was."""
    work: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, one in counted.sums["agent_quarters"].items():
        if key[0] < until_ms:
            work[key[1]][key[3]] += one["active_ms"] + one["wrap_up_ms"] - one["away_ms"]
    online: Counter[str] = Counter()
    for key, one in counted.sums["agent_time"].items():
        if key[4] == "online" and hour(key[0]) == interval:
            online[key[1]] += one["total_ms"]
    return sum(ms * work[agent][queue] / work[agent].total() for agent, ms in online.items() if work[agent].total() > 0)
