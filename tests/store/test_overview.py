"""The overview: after any traffic it is what a fresh one is, also when its pages were read one by one meanwhile; and
the figures beside it are what the whole log says, counted by other means.
"""

import asyncio
from typing import Any, ClassVar

import pytest
from hypothesis.stateful import invariant

from casebaton.store import library, log, overview_pages
from casebaton.store.client import Actor, Answer, StoreClient
from casebaton.store.figures import Figures, Levels
from casebaton.store.overview import SPARE, AgentOverview, Flag, Overview, Pause, QueueOverview
from casebaton.store.overview_events import read_event
from tests.engine import START, Engine
from tests.store.machine.dispatch import Dispatch, explore
from tests.store.recount import counts, recount

LEVEL_MS, SHORT_MS = 2_000, 500  # of the figures in the machine, where a second is long
SHOWN = tuple[dict[str, AgentOverview], dict[str, QueueOverview]]


def shown(overview: Overview) -> SHOWN:
    """What supervisors are shown of it."""
    return overview.agents, {name: queue for name, queue in overview.queues.items() if queue.is_shown}


async def fresh(store: StoreClient, workspace: str) -> Overview:
    """A new one, while nothing happens."""
    overview = Overview()
    await overview_pages.read_all(store, workspace, overview)
    return overview


async def follow(
    store: StoreClient, workspace: str, overview: Overview, position: str, figures: Figures | None = None
) -> str:
    """Take in what the log has after a position; its new end."""
    async for entry in log.read_after(store.redis, workspace, position):
        event = read_event(entry)
        if figures is not None:
            figures.take(event)
        overview.take(event)
        if overview.is_reconfigured:
            overview.is_reconfigured = False
            await overview_pages.read_queues(store, workspace, overview)
        position = entry.position
    return position


# -- random traffic --------------------------------------------------------------------------------------------------


class _OneByOne:
    """A store that makes every call wait until the test lets it go."""

    def __init__(self, store: StoreClient) -> None:
        self.redis = store.redis
        self.waiting: asyncio.Future[None] | None = None
        self.has_asked = asyncio.Event()
        self._store = store

    async def run(self, name: str, workspace: str, actor: Actor, /, **args: Any) -> Answer:
        self.waiting = asyncio.get_running_loop().create_future()
        self.has_asked.set()
        await self.waiting
        return await self._store.run(name, workspace, actor, **args)

    async def go_on(self, reading: "asyncio.Task[str]") -> None:
        """Let the present call go; back when the next one waits, or the reading has ended."""
        self.has_asked.clear()
        if self.waiting is not None:
            self.waiting.set_result(None)
        asked = asyncio.create_task(self.has_asked.wait())
        await asyncio.wait({reading, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()


class Overlooked(Dispatch):
    """The property machine with two overviews: one that follows from the beginning, and one after the other whose pages
    are read one a step, while all goes on.
    """

    compared = 0
    counted: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.overview = Overview()
        self.position = "0-0"
        self.figures = Figures(self.overview.queues)
        self.figures.levels = Levels(dict.fromkeys(("support", "pool", "mixed"), LEVEL_MS), SHORT_MS)
        self.torn = Overview()
        self.torn_from = "0-0"
        self.slow = _OneByOne(self.store)
        self.reading: asyncio.Task[str] | None = None

    @invariant()
    def an_overview_is_what_a_fresh_one_is(self) -> None:
        if self.shape:
            self.runner.run(self.compare())

    async def compare(self) -> None:
        self.position = await follow(self.store, "machine", self.overview, self.position, self.figures)
        await self.recount()
        expected = shown(await fresh(self.store, "machine"))
        assert shown(self.overview) == expected
        if self.reading is None:
            self.torn, self.torn_from = Overview(), self.position
            self.slow = _OneByOne(self.store)
            self.reading = asyncio.create_task(overview_pages.read_all(self.slow, "machine", self.torn))  # type: ignore[arg-type]  # all that it uses of a store
        await self.slow.go_on(self.reading)
        if self.reading.done():
            self.reading.result()
            await follow(self.store, "machine", self.torn, self.torn_from)
            assert shown(self.torn) == expected
            self.reading = None
            Overlooked.compared += 1

    async def recount(self) -> None:
        entries = [entry async for entry in log.read_after(self.store.redis, "machine", "0-0")]
        self.figures.pass_time(self.engine.now)
        found = {
            (row.queue, row.at_ms): counts(row) for queue in self.overview.queues for row in self.figures.rows(queue)
        }
        assert {key: row for key, row in found.items() if row} == recount(entries, self.engine.now, self.figures.levels)
        Overlooked.counted.update(*found.values())

    def teardown(self) -> None:
        if self.reading is not None:
            self.reading.cancel()
        super().teardown()


def test_after_any_traffic_it_is_what_a_fresh_one_is(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in ("AGENTS", "WAITS"):
        monkeypatch.setattr(overview_pages, size, 1)
    monkeypatch.setattr(Overlooked, "compared", 0)
    monkeypatch.setattr(Overlooked, "counted", set())
    explore(redis_url, examples=10, steps=40, is_random=False, of=Overlooked)
    assert Overlooked.compared > 10, "pages were read while something happened"
    assert Overlooked.counted >= {"owned", "in_time", "overdue"}


# -- one thing at a time ---------------------------------------------------------------------------------------------


async def overlooked(engine: Engine) -> Overview:
    """The overview as the whole log tells it, which must be a fresh one's."""
    overview = Overview()
    await follow(engine.store, engine.workspace, overview, "0-0")
    assert shown(overview) == shown(await fresh(engine.store, engine.workspace))
    return overview


async def test_a_queue_shows_its_cases_by_state_and_since_when_the_oldest_waits(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["pool"], room=9)
    for case in ("one", "two", "three", "four", "five"):
        await engine.submit(case, "pool", priority=9 if case == "one" else 5)
        engine.now += 1000
    for case in ("two", "three", "four"):
        await engine.act("ana", "take", case)
    await engine.act("ana", "park", "three")
    await engine.act("ana", "wrap", "four")
    overview = await overlooked(engine)
    assert overview.queues["pool"] == QueueOverview(
        queue="pool",
        mode="pull",
        waiting=2,
        oldest_at_ms=START,
        active=1,
        parked=1,
        wrapping=1,
        service_level_ms=20_000,
    )
    ana = overview.agents["ana"]
    assert (ana.active, ana.parked, ana.wrapping, ana.held_interruptible) == (1, 1, 1, 2)
    await engine.act("ana", "take", "one")
    assert (await overlooked(engine)).queues["pool"].oldest_at_ms == START + 4000
    await engine.act("ana", "return", "two", reason="wrong", place="keep")
    assert (await overlooked(engine)).queues["pool"].oldest_at_ms == START + 4000, "a stay begins with a return"


async def test_what_rings_is_of_its_queue_and_of_its_agent(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.add_agent("bo")
    await engine.submit("one")
    await engine.submit("two")
    await engine.act("ana", "accept", "one")
    overview = await overlooked(engine)
    assert (overview.queues["support"].offered, overview.queues["support"].active) == (1, 1)
    assert (overview.agents["ana"].offers, overview.agents["bo"].offers) == (0, 1)


async def test_what_a_colleague_wants_to_hand_over_is_still_the_colleagues(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one")
    await engine.act("ana", "accept", "one")
    await engine.add_agent("bo", queues=[])
    await engine.act("ana", "transfer", "one", agent="bo")
    overview = await overlooked(engine)
    ana, bo = overview.agents["ana"], overview.agents["bo"]
    assert (ana.active, ana.offers, ana.held_interruptible) == (1, 0, 1)
    assert (bo.active, bo.offers, bo.held_interruptible) == (0, 1, 1)


async def test_time_in_a_status_goes_on_when_only_its_channels_change(engine: Engine) -> None:
    await engine.add_agent("ana")
    engine.now += 1000
    await engine.set_status("ana", "online", "chat")
    assert (await overlooked(engine)).agents["ana"].status_at_ms == START
    await engine.set_status("ana", "busy")
    engine.now += 1000
    await engine.disconnect("ana")
    ana = (await overlooked(engine)).agents["ana"]
    assert (ana.label, ana.status_at_ms) == ("busy", START + 1000)
    assert (ana.presence, ana.presence_at_ms) == ("grace", START + 2000)


async def test_a_flag_is_up_until_it_is_answered(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.run("raise_flag", ("agent", "ana"), text="He shouts")
    assert (await overlooked(engine)).agents["ana"].flag == Flag(START, "", "He shouts")
    await engine.run("answer_flag", ("supervisor", "sue"), agent="ana")
    assert (await overlooked(engine)).agents["ana"].flag is None


async def test_who_is_kept_free_says_for_which_case(engine: Engine) -> None:
    await engine.apply("[channels.case]\nreserve_after_s = 2\n[queues.support]\n")
    await engine.add_agent("ana", room=2)
    await engine.submit("light")
    await engine.act("ana", "accept", "light")
    await engine.submit("heavy", cost=2)
    await engine.advance(by=3)
    assert (await overlooked(engine)).agents["ana"].reserved_case == "heavy"
    await engine.steer("producer", "cancel", "heavy", reason="gone")
    assert (await overlooked(engine)).agents["ana"].reserved_case == ""


async def test_a_queue_that_is_configured_no_more_is_shown_while_it_has_cases(engine: Engine) -> None:
    text = "[channels.case]\n[queues.support]\n"
    await engine.apply(f"{text}[queues.pool]\nmode = 'pull'\n")
    await engine.add_agent("ana", queues=["pool"])
    await engine.submit("one", "pool")
    await engine.act("ana", "take", "one")
    await engine.apply(text)
    assert (await overlooked(engine)).queues["pool"].retired
    await engine.act("ana", "return", "one", reason="wrong", place="keep")
    overview = await overlooked(engine)
    assert (overview.queues["pool"].is_shown, overview.queues["pool"].waiting) == (True, 1)
    await engine.steer("producer", "cancel", "one", reason="gone")
    assert not (await overlooked(engine)).queues["pool"].is_shown


async def test_who_paused_a_queue_when_and_why_is_shown_until_it_goes_on(engine: Engine) -> None:
    begin, _ = await log.last_position(engine.store.redis, engine.workspace)
    followed = await fresh(engine.store, engine.workspace)

    async def told() -> tuple[Pause | None, Pause | None]:
        await follow(engine.store, engine.workspace, followed, begin)
        return followed.queues["support"].pause, (await overlooked(engine)).queues["support"].pause

    await engine.on_queue("pause", reason="fire drill")
    await engine.on_queue("drain")
    (paused,) = await engine.events("queue_paused")
    pause = Pause(paused["at_ms"], "supervisor:sue", "fire drill")
    assert await told() == (pause, pause)
    await engine.on_queue("resume")
    assert await told() == (None, None)


async def test_what_stops_a_queue_is_shown(engine: Engine) -> None:
    await engine.on_queue("pause")
    await engine.on_queue("drain", "billing")
    overview = await overlooked(engine)
    assert (overview.queues["support"].paused, overview.queues["support"].draining) == (True, False)
    assert (overview.queues["billing"].paused, overview.queues["billing"].draining) == (False, True)


async def test_an_agent_who_left_and_came_anew_while_pages_were_read_has_what_it_has_now(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("one", "pool")
    begin, _ = await log.last_position(engine.store.redis, engine.workspace)
    await engine.run("remove_agent", ("admin", "ann"), agent="ana")
    await engine.disconnect("ana")
    await engine.add_agent("ana", queues=["pool"])
    await engine.act("ana", "take", "one")
    overview = await fresh(engine.store, engine.workspace)
    expected = shown(await fresh(engine.store, engine.workspace))
    await follow(engine.store, engine.workspace, overview, begin)
    assert shown(overview) == expected
    assert overview.agents["ana"].active == 1


async def test_a_page_ends_early_when_much_is_in_hand(engine: Engine) -> None:
    for agent in ("ana", "bo", "cy", "dee"):
        await engine.add_agent(agent, queues=["pool"])
    for case, agent in (("one", "ana"), ("two", "bo"), ("three", "bo"), ("four", "cy")):
        await engine.submit(case, "pool")
        await engine.act(agent, "take", case)
    code = library.build().code
    assert code.count("TOLD = 1000") == 1
    await engine.store.redis.function_load(code.replace("TOLD = 1000", "TOLD = 2"), replace=True)
    try:
        page = await engine.run("read_hands", ("engine", "overview"), command_id="", after="", limit=9)
        assert ([len(item["hand"]) for item in page["items"]], page["next_cursor"]) == ([1, 2], "bo")
        assert (await overlooked(engine)).agents.keys() == {"ana", "bo", "cy", "dee"}
    finally:
        await engine.store.redis.function_load(code, replace=True)


async def test_changes_come_in_order_each_item_once_until_they_are_forgotten(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.add_agent("bo")
    overview = Overview()
    position = await follow(engine.store, engine.workspace, overview, "0-0")
    overview.forget(overview.log_seq)
    assert not overview.changes
    since = overview.log_seq
    await engine.set_status("ana", "busy")
    await engine.set_status("bo", "busy")
    await engine.set_status("ana", "online")
    await follow(engine.store, engine.workspace, overview, position)
    assert list(overview.changes.items()) == [(("agent", "bo"), since + 2), (("agent", "ana"), since + 3)]
    overview.forget(since + 2)
    assert list(overview.changes) == [("agent", "ana")]


async def test_whoever_leaves_a_team_a_queue_or_the_workspace_is_remembered_as_it_was(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["support"])
    overview = Overview()
    position = await follow(engine.store, engine.workspace, overview, "0-0")
    assert not overview.departures
    await engine.set_agent("ana", team="north")
    await engine.set_agent("ana", queues="billing")
    await engine.set_agent("ana", capacity=7)
    await engine.run("remove_agent", ("admin", "ann"), agent="ana")
    await follow(engine.store, engine.workspace, overview, position)
    left = [(agent.team, agent.queues) for _, agent in overview.departures]
    assert left == [("", ("support",)), ("north", ("support",)), ("north", ("billing",))]
    overview.forget(overview.departures[1][0])
    assert [agent.queues for _, agent in overview.departures] == [("billing",)]


def test_a_case_that_comes_back_again_and_again_leaves_nothing_behind() -> None:
    overview = Overview()
    overview.take_wait("billing", "old", START)
    for number in range(1, 20 * SPARE):
        overview.take_wait("support", "restless", START)
        overview.take_wait("billing", "restless", START + number)
    assert overview.queues["support"].waiting == 0
    assert (overview.queues["billing"].waiting, overview.queues["billing"].oldest_at_ms) == (2, START)
    assert all(len(line._heap) <= SPARE + 2 for line in overview._lines.values())
