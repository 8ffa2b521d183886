"""Target clocks: by when a case should have its first owner, and by when it should be over."""

from typing import Any

import pytest

from casebaton.errors import Invalid
from casebaton.workspace import document
from tests.engine import BASIC, START
from tests.store.soundness import WatchedEngine

TARGETS = """
[targets.gold]
first_owner_s = 60
completion_s = 600
[targets.silver]
completion_s = 1000
warn_at = 0.5
"""


def aimed(queue: str = "gold", channel: str = "silver") -> str:
    """Queue support has a target of its own, the others take that of channel case."""
    text = BASIC.replace("[queues.support]", f'[queues.support]\ntarget = "{queue}"')
    return text.replace("[channels.case]", f'[channels.case]\ntarget = "{channel}"') + TARGETS


async def told(engine: WatchedEngine) -> list[tuple[float, str, str]]:
    """What was warned of and what was missed, and at which second."""
    events = await engine.events("target_warned", "target_breached")
    return [((event["at_ms"] - START) / 1000, event["type"], event["clock"]) for event in events]


async def clocks(engine: WatchedEngine, case: str = "one") -> dict[str, float]:
    """The running clocks of a case, in seconds."""
    found = await engine.case(case)
    return {
        name: (found[f"{name}_due_at_ms"] - START) / 1000
        for name in ("first_owner", "completion")
        if f"{name}_due_at_ms" in found
    }


async def timers(engine: WatchedEngine) -> list[str]:
    found = await engine.store.redis.zrange("{acme}:timers", 0, -1)
    return [name.decode() for name in found if name.startswith(b"target:")]


async def test_a_case_that_nobody_owns_is_warned_of_and_misses_its_targets(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.submit("one")
    assert await clocks(watched) == {"first_owner": 60, "completion": 600}
    await watched.advance(700)
    assert await told(watched) == [
        (48, "target_warned", "first_owner"),
        (60, "target_breached", "first_owner"),
        (480, "target_warned", "completion"),
        (600, "target_breached", "completion"),
    ]
    assert await clocks(watched) == {"first_owner": 60, "completion": 600}
    assert await timers(watched) == []


async def test_the_first_owner_stops_the_first_clock_and_the_end_the_other(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.advance(5)
    await watched.act("ana", "accept", "one")
    assert await clocks(watched) == {"completion": 600}
    assert len(await timers(watched)) == 1
    await watched.act("ana", "complete", "one")
    assert await timers(watched) == []
    await watched.advance(700)
    assert await told(watched) == []


@pytest.mark.parametrize("until", [50, 70])
async def test_a_clock_is_stopped_between_warning_and_breach_and_after_it(watched: WatchedEngine, until: int) -> None:
    await watched.apply(aimed())
    await watched.submit("one")
    await watched.advance(until)
    before = await told(watched)
    await watched.add_agent("ana")
    await watched.act("ana", "accept", "one")
    assert len(await timers(watched)) == 1
    await watched.advance(100)
    assert await told(watched) == before


async def test_the_first_ownership_tells_how_long_it_took_and_no_later_one(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["mixed"])
    await watched.submit("one", "mixed")
    await watched.advance(7)
    await watched.act("ana", "accept", "one")
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    await watched.advance(9)
    await watched.act("ana", "take", "one")
    (accepted,) = await watched.events("case_accepted")
    (taken,) = await watched.events("case_taken")
    assert accepted["first_owner_ms"] == 7000
    assert "first_owner_ms" not in taken


async def test_whoever_takes_a_case_is_its_first_owner_as_well(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.add_agent("ana", queues=["pool"])
    await watched.submit("one", "pool")
    await watched.advance(3)
    await watched.act("ana", "take", "one")
    (taken,) = await watched.events("case_taken")
    assert (taken["first_owner_ms"], taken["completion_due_at_ms"]) == (3000, START + 1_000_000)


async def test_a_return_does_not_start_the_first_clock_again_and_a_transfer_keeps_both(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.steer("supervisor", "transfer", "one", queue="billing")
    assert await clocks(watched) == {"first_owner": 60, "completion": 600}
    await watched.steer("supervisor", "transfer", "one", queue="support")
    await watched.advance(1)
    await watched.submit("two")
    await watched.act("ana", "accept", "two")
    await watched.act("ana", "return", "two", reason="not_mine", place="keep")
    assert await clocks(watched, "two") == {"completion": 601}


async def test_the_queues_target_comes_before_the_channels(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.submit("one", "support")
    await watched.submit("two", "billing")
    await watched.submit("three", "billing", channel="chat")
    assert await clocks(watched, "one") == {"first_owner": 60, "completion": 600}
    assert await clocks(watched, "two") == {"completion": 1000}
    assert await clocks(watched, "three") == {}


async def test_a_warning_comes_at_its_share_and_goes_to_queue_and_owner(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.add_agent("ana", queues=["billing"])
    await watched.submit("one", "billing")
    await watched.act("ana", "accept", "one")
    await watched.advance(501)
    (warned,) = await watched.events("target_warned")
    assert (warned["at_ms"] - START, warned["due_at_ms"] - START) == (500_000, 1_000_000)
    assert (warned["case"], warned["queue"], warned["agent"]) == ("one", "billing", "ana")
    last = await watched.store.redis.xrevrange("{acme}:log", count=1)
    to = [b"queue:billing", b"agent:ana", b"steering", b"steering/queue:billing"]
    assert last[0][1][b"to"].split()[1:] == to


async def test_a_cancelled_case_has_no_clocks_left(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.submit("one")
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    assert await clocks(watched) == {}
    assert await timers(watched) == []


async def test_a_reopened_case_has_new_clocks(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.add_agent("ana", queues=["mixed"])
    await watched.submit("one")
    await watched.add_agent("bo")
    await watched.act("bo", "accept", "one")
    await watched.act("bo", "complete", "one")
    await watched.set_status("bo", "busy")
    await watched.advance(100)
    await watched.steer("producer", "reopen", "one")
    assert await clocks(watched) == {"first_owner": 160, "completion": 700}
    await watched.advance(103)
    await watched.set_status("bo", "online")
    await watched.act("bo", "accept", "one")
    assert [event["first_owner_ms"] for event in await watched.events("case_accepted")] == [0, 3000]
    await watched.act("bo", "park", "one")
    assert await clocks(watched) == {"completion": 700}


async def test_an_assigned_case_has_its_first_owner(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.add_agent("ana", queues=["pool"])
    await watched.submit("one")
    await watched.advance(2)
    await watched.steer("supervisor", "assign", "one", agent="ana")
    (assigned,) = await watched.events("case_assigned")
    assert assigned["first_owner_ms"] == 2000
    assert await clocks(watched) == {"completion": 600}


async def test_running_clocks_keep_their_instants_whatever_is_applied(watched: WatchedEngine) -> None:
    await watched.apply(aimed())
    await watched.submit("one")
    await watched.apply(BASIC)
    assert await clocks(watched) == {"first_owner": 60, "completion": 600}
    await watched.advance(61)
    assert [kind for _, kind, _ in await told(watched)] == ["target_warned", "target_breached"]
    await watched.submit("two")
    assert await clocks(watched, "two") == {}


async def test_in_the_order_due_the_earliest_target_counts_where_nothing_else_is_said(watched: WatchedEngine) -> None:
    text = aimed().replace("[queues.support]", '[queues.support]\norder = "due"\nrank = 1')
    await watched.apply(text.replace("[queues.billing]", '[queues.billing]\ntarget = "silver"'))
    await watched.submit("silver", "billing")
    await watched.steer("supervisor", "transfer", "silver", queue="support")
    await watched.submit("gold")
    await watched.submit("soon", due_at=START + 30_000)
    await watched.submit("late", due_at=START + 9_000_000)
    assert await watched.line("support") == ["soon", "gold", "silver", "late"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[targets.gold]\n", r"\$\.targets\.gold: expected first_owner_s or completion_s"),
        ("[targets.gold]\ncompletion_s = 5\nwarn_at = 1\n", r"\$\.targets\.gold\.warn_at"),
        ("[targets.gold]\ncompletion_s = 0\n", r"\$\.targets\.gold\.completion_s"),
        ('[queues.other]\ntarget = "none"\n', r"\$\.queues\.other\.target: there is no target none"),
        ('[channels.mail]\ntarget = "none"\n', r"\$\.channels\.mail\.target: there is no target none"),
    ],
)
def test_a_faulty_target_is_named_by_its_path(text: str, fault: Any) -> None:
    with pytest.raises(Invalid, match=fault):
        document.parse(BASIC + text)
