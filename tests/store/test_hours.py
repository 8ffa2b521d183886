"""A queue's opening hours: it opens and closes by itself, and clocks stand still while it is closed.

T0 is a Friday, 08:00 UTC.
"""

from casebaton.store import calendars
from casebaton.workspace import document
from tests.engine import BASIC, START
from tests.store.soundness import WatchedEngine

HOUR = 3600
DAY = 24 * HOUR
NEXT_DAY = DAY  # when it opens again


def closing(more: str = "", after: str = "", spans: str = "08:00-08:10") -> str:
    """The queue support is open for ten minutes from T0 on, each day."""
    days = ", ".join(f'{day} = ["{spans}"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    text = BASIC.replace("[queues.support]", f'[queues.support]\nhours = "office"\n{more}')
    return f'{text}[hours.office]\nzone = "Etc/UTC"\nweek = {{{days}}}\n{after}'


async def pass_to(engine: WatchedEngine, second: float) -> None:
    """Let time pass in one step: nobody is there to be lost."""
    engine.now = START + round(second * 1000)
    await engine.tick()


async def told(engine: WatchedEngine) -> list[tuple[str, float]]:
    events = await engine.events("queue_opened", "queue_closed")
    return [(event["type"], (event["at_ms"] - START) / 1000) for event in events]


async def test_it_closes_and_opens_at_its_times(watched: WatchedEngine) -> None:
    await watched.apply(closing())
    await watched.add_agent("ana")
    assert (await watched.queue())["open"]
    await watched.advance(599)
    assert await told(watched) == []
    await watched.advance(600)
    await watched.submit("one")
    shown = await watched.queue()
    assert (shown["open"], shown["next_change_at_ms"]) == (False, START + NEXT_DAY * 1000)
    assert await watched.offers("ana") == []
    await watched.disconnect("ana")
    await pass_to(watched, NEXT_DAY - 1)
    await watched.connect("ana")
    await watched.advance(NEXT_DAY)
    assert await watched.offers("ana") == ["one"]
    assert await told(watched) == [("queue_closed", 600), ("queue_opened", NEXT_DAY)]
    (closed,) = await watched.events("queue_closed")
    assert (closed["actor"], closed["cause"], closed["open"], closed["next_change_at_ms"]) == (
        "engine:hours", "hours", False, START + NEXT_DAY * 1000,
    )  # fmt: skip


async def test_a_pause_and_closed_hours_must_both_be_over(watched: WatchedEngine) -> None:
    await watched.apply(closing())
    await watched.submit("one")
    await pass_to(watched, 600)
    await watched.on_queue("pause")
    await pass_to(watched, NEXT_DAY)
    await watched.add_agent("ana")
    assert (await watched.offers("ana"), (await watched.queue())["open"]) == ([], True)
    await pass_to(watched, NEXT_DAY + 600)
    await watched.on_queue("resume")
    assert await watched.offers("ana") == []
    await watched.apply(BASIC)
    await watched.tick()
    assert await watched.offers("ana") == ["one"]


async def test_a_new_case_waits_is_refused_or_goes_elsewhere(watched: WatchedEngine) -> None:
    await watched.apply(closing())
    await pass_to(watched, 600)
    await watched.submit("waits")
    await watched.apply(closing('when_closed = "refuse"\noverflow = "billing"'))
    assert (await watched.refusal(watched.submit("refused"))).code == "QUEUE_CLOSED"
    await watched.apply(closing('when_closed = "overflow"\noverflow = "billing"'))
    await watched.submit("elsewhere")
    assert [await watched.line(queue) for queue in ("support", "billing")] == [["waits"], ["elsewhere"]]
    into_it = watched.steer("supervisor", "transfer", "elsewhere", queue="support")
    assert (await watched.refusal(into_it)).code == "QUEUE_CLOSED"


async def test_changed_hours_are_in_force_at_once(watched: WatchedEngine) -> None:
    await watched.apply(closing(spans="09:00-10:00"))
    assert not (await watched.queue())["open"]
    await watched.apply(closing(spans="07:00-10:00"))
    shown = await watched.queue()
    assert (shown["open"], shown["next_change_at_ms"]) == (True, START + 2 * HOUR * 1000)
    await watched.apply(closing(spans="09:00-10:00"))
    await watched.apply(BASIC)
    shown = await watched.queue()
    assert (shown["open"], "next_change_at_ms" in shown) == (True, False)
    await pass_to(watched, 5 * HOUR)
    assert [kind for kind, _ in await told(watched)] == ["queue_closed", "queue_opened", "queue_closed", "queue_opened"]


async def test_without_a_change_of_the_hours_nothing_is_told(watched: WatchedEngine) -> None:
    await watched.apply(closing())
    await watched.apply(closing() + "[queues.more]\n")
    assert await told(watched) == []
    await pass_to(watched, 600)
    assert await told(watched) == [("queue_closed", 600)]


PLAN = "plan = 'relax'"
STEPS = "[plans.relax]\nsteps = [{after_s = 500, alert = 'long'}, {after_s = 900, alert = 'longer'}]\n"


async def alerts(engine: WatchedEngine) -> list[tuple[str, float]]:
    return [(event["alert"], (event["at_ms"] - START) / 1000) for event in await engine.events("alert_raised")]


async def test_a_plan_stands_still_while_the_queue_is_closed(watched: WatchedEngine) -> None:
    await watched.apply(closing(PLAN, STEPS))
    await watched.submit("one")
    await pass_to(watched, 500)
    await pass_to(watched, 600)
    await pass_to(watched, 900)
    await pass_to(watched, 5000)
    assert await alerts(watched) == [("long", 500)]
    await pass_to(watched, NEXT_DAY)
    for second in (NEXT_DAY + 299, NEXT_DAY + 300):
        await pass_to(watched, second)
    assert await alerts(watched) == [("long", 500), ("longer", NEXT_DAY + 300)]


async def test_a_case_that_comes_while_closed_begins_its_plan_when_the_queue_opens(watched: WatchedEngine) -> None:
    await watched.apply(closing(PLAN, STEPS))
    await pass_to(watched, 700)
    await watched.submit("one")
    for second in (1200, NEXT_DAY, NEXT_DAY + 499, NEXT_DAY + 500):
        await pass_to(watched, second)
    assert await alerts(watched) == [("long", NEXT_DAY + 500)]


async def test_a_plan_runs_on_where_the_queue_says_so(watched: WatchedEngine) -> None:
    await watched.apply(closing(f"{PLAN}\nclosed_clock = 'run'", STEPS))
    await watched.submit("one")
    for second in (500, 600, 900):
        await pass_to(watched, second)
    assert await alerts(watched) == [("long", 500), ("longer", 900)]


async def test_clocks_go_on_when_the_configuration_opens_the_queue(watched: WatchedEngine) -> None:
    await watched.apply(closing(PLAN, STEPS))
    await watched.submit("one")
    for second in (500, 600, 950):
        await pass_to(watched, second)
    await watched.apply(closing(f"{PLAN}\nclosed_clock = 'run'", STEPS))
    await watched.tick()
    assert await alerts(watched) == [("long", 500), ("longer", 950)]


async def test_clocks_that_go_on_in_slices_all_go_on(watched: WatchedEngine) -> None:
    await watched.apply(closing(PLAN, STEPS))
    await pass_to(watched, 599)
    watched.watching = False
    for n in range(120):
        await watched.submit(f"c-{n:03}")
    watched.watching = True
    for second in (600, 1200, NEXT_DAY, NEXT_DAY + 498, NEXT_DAY + 499):
        await pass_to(watched, second)
    assert await alerts(watched) == [("long", NEXT_DAY + 499)] * 120


async def test_a_case_that_was_transferred_meanwhile_keeps_its_new_queues_clock(watched: WatchedEngine) -> None:
    await watched.apply(closing(PLAN, STEPS))
    await watched.submit("one")
    for second in (500, 600, 901):
        await pass_to(watched, second)
    await watched.steer("supervisor", "transfer", "one", queue="billing")
    await pass_to(watched, NEXT_DAY + 599)
    assert await alerts(watched) == [("long", 500)]


async def test_a_preferred_agent_is_waited_for_in_open_time(watched: WatchedEngine) -> None:
    await watched.apply(closing())
    await watched.add_agent("bo", room=0)
    await watched.submit("one", preferred_agent="bo", preferred_ms=700_000)
    assert (await watched.case("one"))["preferred_until_ms"] == START + 700_000
    await watched.advance(705)
    assert (await watched.case("one"))["preferred_until_ms"] == START + 805_000
    await watched.apply(closing(spans="08:00-09:00"))
    await watched.advance(804)
    assert "preferred_agent" in await watched.case("one")
    await watched.advance(805)
    assert (await watched.events("case_relaxed"))[-1]["reason"] == "preferred_over"


async def test_a_reopened_case_waits_for_its_last_owner_as_long_in_a_queue_that_was_closed(
    watched: WatchedEngine,
) -> None:
    await watched.apply(closing(spans='08:00-08:01", "08:02-08:10'))
    await watched.add_agent("bo", room=1)
    await watched.submit("one")
    await watched.act("bo", "accept", "one")
    await watched.act("bo", "complete", "one")
    await watched.advance(130)
    await watched.set_agent("bo", interruptible_capacity=0)
    await watched.steer("producer", "reopen", "one", preferred_ms=60_000)
    assert (await watched.case("one"))["preferred_until_ms"] == START + 190_000
    await watched.advance(189)
    assert "preferred_agent" in await watched.case("one")
    await watched.advance(190)
    assert "preferred_agent" not in await watched.case("one")


async def test_a_calendar_is_written_on_before_it_ends_and_its_days_go_on(watched: WatchedEngine) -> None:
    text = closing()
    await watched.apply(text)
    hours = await calendars.read_hours(watched.store, "acme")
    assert list(hours.values()) == list(document.parse(text).hours.values())
    for days, renewed in ((339, []), (341, list(hours)), (342, [])):
        await pass_to(watched, days * DAY - HOUR)
        assert await calendars.renew(watched.store, "acme", hours, watched.now) == renewed
    await pass_to(watched, 700 * DAY)
    assert (await watched.queue())["open"]
    await pass_to(watched, 700 * DAY + 600)
    assert not (await watched.queue())["open"]


async def test_a_calendar_expires_unless_it_is_written_again(watched: WatchedEngine) -> None:
    await watched.apply(closing())
    (name,) = await calendars.read_hours(watched.store, "acme")
    assert 400 * DAY < await watched.store.redis.ttl(f"{{acme}}:calendar:{name}") <= 800 * DAY


async def test_a_calendar_that_ended_is_asked_again_once_it_is_written(watched: WatchedEngine) -> None:
    await watched.apply(closing())
    await pass_to(watched, 500 * DAY + 60)
    assert not (await watched.queue())["open"]
    hours = await calendars.read_hours(watched.store, "acme")
    await calendars.renew(watched.store, "acme", hours, watched.now)
    await pass_to(watched, 501 * DAY + 61)
    assert (await watched.queue())["open"]


async def test_while_it_is_open_it_takes_cases_whatever_it_does_when_closed(watched: WatchedEngine) -> None:
    for more in ('when_closed = "refuse"', 'when_closed = "overflow"\noverflow = "billing"'):
        await watched.apply(closing(more))
        case = f"case-{len(more)}"
        await watched.submit(case)
        assert case in await watched.line("support")


async def test_a_target_may_be_counted_in_open_hours(watched: WatchedEngine) -> None:
    target = "[targets.gold]\nfirst_owner_s = 300\ncompletion_s = 1500\nwarn_at = 0.5\nin_open_hours = true\n"
    await watched.apply(closing("target = 'gold'", target))
    await watched.advance(500)
    await watched.submit("one")
    shown = await watched.case("one")
    assert [shown[f"{clock}_due_at_ms"] - START for clock in ("first_owner", "completion")] == [
        (NEXT_DAY + 200) * 1000,  # 100 s until it closes, 200 s on the next day
        (3 * DAY + 200) * 1000,  # 100 + 600 + 600 + 200
    ]
    await pass_to(watched, NEXT_DAY + 49)
    assert await watched.events("target_warned") == []
    await pass_to(watched, NEXT_DAY + 50)
    (warned,) = await watched.events("target_warned")
    assert (warned["clock"], warned["at_ms"]) == ("first_owner", START + (NEXT_DAY + 50) * 1000)


async def test_a_target_counts_the_wall_clock_otherwise(watched: WatchedEngine) -> None:
    await watched.apply(closing("target = 'gold'", "[targets.gold]\nfirst_owner_s = 300\n"))
    await watched.advance(500)
    await watched.submit("one")
    assert (await watched.case("one"))["first_owner_due_at_ms"] == START + 800_000


async def test_while_it_is_closed_an_open_target_waits_for_the_opening(watched: WatchedEngine) -> None:
    target = "[targets.gold]\nfirst_owner_s = 300\nin_open_hours = true\n"
    await watched.apply(closing("target = 'gold'", target))
    await watched.advance(700)
    await watched.submit("one")
    assert (await watched.case("one"))["first_owner_due_at_ms"] == START + (NEXT_DAY + 300) * 1000
