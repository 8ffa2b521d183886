"""The book against the raw log counted anew: every row and every sum, opened anywhere, begun in the middle."""

import json
import random
from typing import Any

import pytest

from casebaton.history.book.book import Book
from casebaton.history.book.events import read_event
from casebaton.history.schema import metadata
from casebaton.store.events import FLAG, OTHERS, QUEUE_EVENTS, RESERVATION, TRANSITIONS
from casebaton.store.events import read_event as read_log_event
from casebaton.store.figures import KEPT, MINUTE_MS, Figures, Minute
from casebaton.store.fold import Fold
from casebaton.store.log import Entry
from casebaton.store.overview import QueueOverview
from casebaton.store.overview_events import read_event as read_overview_event
from tests.engine import open_engine
from tests.history.book.reading import Shelf, assert_same, read_all, read_into
from tests.history.lives import Lives
from tests.history.recount import Recount
from tests.history.stretches import floor

RARE = {"effect_failed", "queue_empty", "case_wake_pending", "customer_erased"}  # not in every ten thousand events
OF_AGENTS = {"agent_updated", "agent_status_changed", "agent_presence_changed", "agent_removed"}


def test_the_lives_have_every_kind_of_event(lives: Lives) -> None:
    kinds = {json.loads(entry.body)["type"] for entry in lives.entries}
    assert TRANSITIONS.keys() | QUEUE_EVENTS | OTHERS | RESERVATION | FLAG | OF_AGENTS <= kinds | RARE


def test_every_row_and_sum_is_what_the_log_gives_when_it_is_counted_anew(whole: Shelf, counted: Recount) -> None:
    assert_same(whole, counted)


def test_rows_and_sums_have_the_columns_of_their_tables(whole: Shelf) -> None:
    def columns(table: str, *, is_key: bool | None = None) -> set[str]:
        found = metadata.tables[table].columns
        return {each.name for each in found if is_key in (None, each.primary_key)} - {"workspace"}

    assert {table: set(rows[0]) for table, rows in whole.rows.items()} == {
        table: columns(table) for table in whole.rows
    }
    for table, sums in whole.sums.items():
        assert {len(key) for key in sums} == {len(columns(table, is_key=True))}
        assert set().union(*sums.values()) == columns(table, is_key=False), table
    assert {frozenset(row) | {"kind", "name"} for row in whole.live.values()} == {frozenset(columns("live"))}


def test_a_book_goes_on_from_what_was_stored_wherever_it_ended(lives: Lives, counted: Recount) -> None:
    shelf, chance, at = Shelf(), random.Random(2), 0
    while at < len(lives.entries):
        book = Book(shelf.records)
        upto = at + chance.choice([1, 7, 400])
        read_into(book, lives.entries[at:upto], lives.levels)
        if chance.random() < 0.8:  # else it is killed before it has written: the page is read again
            shelf.put(book.flush())
            at = upto
    assert_same(shelf, counted)
    assert {name for kind, name in shelf.live if kind == "case"} == lives.live_cases


WORK = ("priority", "channel", "skills")
# What can only be known of a thing by whoever has read from the beginning.
UNKNOWN = {
    "visits": ("open_wait_ms", "target_ms"), "stays": ("visit", "is_first"),
    "offers": ("visit", "team", *WORK), "stages": ("visit", "channel"),
    "ownerships": ("visit", "team", "away_ms", "is_shared", *WORK), "statuses": ("team",), "openings": (),
}  # fmt: skip


def invented(part: Shelf, whole: Shelf) -> dict[str, list[dict[str, Any]]]:
    """Rows of a book that lacks entries which one that lacks none does not have."""

    def told(table: str, row: dict[str, Any]) -> str:
        return json.dumps({name: row[name] for name in row if name not in UNKNOWN[table]}, sort_keys=True)

    found = {}
    for table in UNKNOWN:
        known = {told(table, row) for row in whole.rows[table]}
        assert part.rows[table]
        found[table] = [row for row in part.rows[table] if told(table, row) not in known]
    return {table: rows for table, rows in found.items() if rows}


def at_ms_of(entry: Entry) -> int:
    """Engine time of an entry."""
    return int(json.loads(entry.body)["at_ms"])


def test_a_history_that_begins_in_the_middle_invents_nothing(lives: Lives, whole: Shelf) -> None:
    middle = len(lives.entries) // 2
    part = read_all(lives.entries[middle:], lives.levels, Book())
    assert invented(part, whole) == {}
    assert sum(counts["closed"] for counts in part.sums["queue_quarters"].values()) == sum(
        json.loads(entry.body)["type"] == "case_closed" for entry in lives.entries[middle:]
    )


def test_entries_that_are_missing_are_not_made_up_for(lives: Lives, whole: Shelf) -> None:
    book = Book()
    read_into(book, lives.entries[:4_000], lives.levels)
    part = read_all(lives.entries[5_000:], lives.levels, book)
    for table in ("statuses", "openings"):  # what ended and began again meanwhile is taken for one
        part.rows[table] = whole.rows[table]
    assert invented(part, whole) == {}


def fold_of(entries: list[Entry]) -> tuple[Fold, dict[str, str]]:
    """How all was after some entries, as the checkpoint knows it, and the agents' teams."""
    fold, teams = Fold(), {}
    for entry in entries:
        event = read_event(entry)
        fold.apply(read_log_event(entry))
        if event.type == "agent_updated":
            teams[event.agent] = event.team
    return fold, teams


@pytest.mark.parametrize("known", [0, 4_000])
def test_whoever_is_told_how_all_was_goes_on_from_there(lives: Lives, whole: Shelf, known: int) -> None:
    """From a beginning in the middle, and over a gap."""
    book = Book()
    read_into(book, lives.entries[:known], lives.levels)
    begin_ms = at_ms_of(lives.entries[5_000])
    fold, teams = fold_of(lives.entries[:5_000])
    book.anchor(fold, begin_ms, teams)
    part = read_all(lives.entries[5_000:], lives.levels, book)
    assert invented(part, whole) == {}
    times = ({k: dict(v) for k, v in each.sums["agent_time"].items() if k[0] > begin_ms} for each in (part, whole))
    assert next(times) == next(times)
    assert where(part) == where(whole)
    assert len(part.rows["visits"]) > known / 15


def where(shelf: Shelf) -> dict[tuple[str, str], Any]:
    """Which cases and agents there are, and where."""
    live = {name: row for name, row in shelf.live.items() if name[0] in ("case", "agent")}
    return {name: (row["state"], row["agent"], row["queue"], row["team"]) for name, row in live.items()}


def test_the_nodes_figures_and_the_history_agree(lives: Lives) -> None:
    """Of the first hour, by quarters; with what is overdue as a report reads it from the rows of what is live."""
    first_ms = at_ms_of(lives.entries[0])
    entries = [entry for entry in lives.entries if at_ms_of(entry) < floor(first_ms) + (KEPT - 1) * MINUTE_MS]
    levels = lives.levels[2]  # of the first document of the lives
    queues = {name: QueueOverview(queue=name) for name in levels.service_level_ms}
    figures, book, shelf = Figures(queues), Book(), Shelf()
    figures.since_ms, figures.levels = first_ms, levels
    book.configure(levels)
    for entry in entries:
        figures.take(read_overview_event(entry))
        book.take(read_event(entry))
    shelf.put(book.flush())
    now_ms = at_ms_of(entries[-1])
    figures.pass_time(now_ms)
    rows = [row for queue in queues for row in figures.rows(queue)]
    assert by_quarter(rows) == {key: counts for key, counts in by_queue(shelf, now_ms).items() if any(counts.values())}


COUNTED = ("arrived", "owned", "in_time", "abandoned", "short_abandoned", "overdue", "closed", "missed", "declined")


def by_quarter(rows: list[Minute]) -> dict[Any, dict[str, int]]:
    """The node's rows by quarter and queue."""
    found: dict[Any, dict[str, int]] = {}
    for row in rows:
        counts = found.setdefault((floor(row.at_ms), row.queue), dict.fromkeys(COUNTED, 0))
        for name in COUNTED:
            counts[name] += getattr(row, name)
    return {key: counts for key, counts in found.items() if any(counts.values())}


def by_queue(shelf: Shelf, now_ms: int) -> dict[Any, dict[str, int]]:
    """The history's quarters by queue, and what is overdue of those that arrived in each."""
    found: dict[Any, dict[str, int]] = {}
    for (at_ms, queue, *_), sums in shelf.sums["queue_quarters"].items():
        counts = found.setdefault((at_ms, queue), dict.fromkeys(COUNTED, 0))
        for name in COUNTED:
            counts[name] += sums[name]
    for row in shelf.live.values():
        if row["overdue_open_ms"] is not None:
            queue = shelf.live["queue", row["arrived_queue"]]
            until_ms = now_ms if queue["state"] == "open" else queue["since_ms"]
            is_overdue = until_ms - queue["shut_ms"] > row["overdue_open_ms"]
            found[floor(row["arrived_at_ms"]), row["arrived_queue"]]["overdue"] += is_overdue
    return found


def test_how_long_somebody_has_worked_is_what_the_engine_says(lives: Lives, whole: Shelf) -> None:
    told = {event["log_seq"]: event.get("worked_ms", 0) for event in map(json.loads, (e.body for e in lives.entries))}
    stints = whole.rows["ownerships"]
    assert stints
    assert [row for row in stints if row["active_ms"] + row["wrap_up_ms"] != told[row["seq"]]] == []


def test_a_quarters_time_of_an_agent_is_a_quarter(whole: Shelf) -> None:
    """Or less, where the agent came or went."""
    by_agent: dict[tuple[int, str], int] = {}
    for (at_ms, agent, *_), sums in whole.sums["agent_time"].items():
        by_agent[at_ms, agent] = by_agent.get((at_ms, agent), 0) + sums["total_ms"]
        assert sums["gone_ms"] <= sums["total_ms"] >= sums["idle_ms"]
    assert max(by_agent.values()) == 900_000


@pytest.mark.nightly
async def test_a_hundred_thousand_events_are_what_they_are_counted_to_be(redis_url: str) -> None:
    async with open_engine(redis_url, "lives") as engine:
        lives = Lives(engine, seed=random.randrange(10**6))
        await lives.play(100_000)
    assert_same(read_all(lives.entries, lives.levels), Recount(lives.entries, lives.levels))
