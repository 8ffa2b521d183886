"""A watched line: its page, its changes, thin lines, losses."""

import asyncio
from typing import Any

import pytest

from casebaton.client import Client, CommandRefused, ConnectionEnded, QueueLine, WrongRole
from tests.client.conftest import Stage
from tests.client.peer import WITHIN_S, Json, Peer, a_case, until


def waiting(case: str, score: int, **fields: Any) -> Json:
    """Make a waiting case at a place in the line."""
    return a_case(case, score=score, **fields)


def a_page(*cases: Json, count: int | None = None) -> Json:
    """Make the answer to a watch."""
    total = len(cases) if count is None else count
    return {"queue": "billing", "mode": "pull", "waiting": total, "cases": list(cases)}


async def watched(client: Client, peer: Peer, page: Json, **options: Any) -> QueueLine:
    """Watch the queue, and let the server answer with a page."""
    watching = asyncio.create_task(client.watch_queue("billing", **options))
    await peer.reply(await peer.command(), page)
    async with asyncio.timeout(WITHIN_S):
        return await watching


def shown(line: QueueLine) -> list[str]:
    """Name the line's cases."""
    return [case.case for case in line.cases]


async def test_a_line_opens_with_its_first_page(stage: Stage) -> None:
    client, peer = await stage.connected()
    watching = asyncio.create_task(client.watch_queue("billing", limit=20))
    command = await peer.command()
    await peer.reply(command, a_page(waiting("c-1", 1), waiting("c-2", 2), count=2))
    line = await watching

    assert (command["type"], command["queue"], command["limit"]) == ("watch_queue", "billing", 20)
    assert (shown(line), line.waiting, line.mode, line.is_live) == (["c-1", "c-2"], 2, "pull", True)


async def test_a_line_keeps_its_order_as_cases_come_move_and_go(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page(waiting("c-1", 10), waiting("c-3", 30)))

    await peer.event("case_queued", waiting("c-2", 20))
    await peer.event("case_updated", waiting("c-1", 40), state_before="waiting")
    await peer.event("case_taken", a_case("c-3", "active"), state_before="waiting")
    await peer.event("case_queued", waiting("c-4", 20))
    await until(client, lambda: shown(line) == ["c-2", "c-4", "c-1"])

    assert line.waiting == 3


async def test_watching_yields_the_latest_cases_only(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page())
    changes = aiter(line)
    assert await anext(changes) == ()

    await peer.event("case_queued", waiting("c-1", 1))
    await peer.event("case_queued", waiting("c-2", 2))
    await until(client, lambda: line.waiting == 2)

    assert [case.case for case in await anext(changes)] == ["c-1", "c-2"]
    await peer.event("case_cancelled", a_case("c-1", "cancelled"), state_before="waiting")
    async with asyncio.timeout(WITHIN_S):
        assert [case.case for case in await anext(changes)] == ["c-2"]


async def test_events_around_the_page_are_counted_once(stage: Stage) -> None:
    client, peer = await stage.connected()
    watching = asyncio.create_task(client.watch_queue("billing"))
    command = await peer.command()

    await peer.event("case_queued", waiting("c-1", 1))
    position = stage.script.position()
    await peer.event("case_queued", waiting("c-2", 2))
    await peer.reply(command, a_page(waiting("c-1", 1)), position)
    line = await watching

    assert (shown(line), line.waiting) == (["c-1", "c-2"], 2)


async def test_a_thin_line_asks_for_its_next_cases(stage: Stage) -> None:
    client, peer = await stage.connected()
    page = a_page(*(waiting(f"c-{n}", n) for n in range(4)), count=9)
    line = await watched(client, peer, page, limit=4)

    for n in range(3):
        await peer.event("case_taken", a_case(f"c-{n}", "active"), state_before="waiting")
    command = await peer.command()
    await peer.reply(command, a_page(*(waiting(f"c-{n}", n) for n in range(3, 7)), count=6))

    async with asyncio.timeout(WITHIN_S):
        async for _ in line:
            if line.waiting == 6 and len(line.cases) == 4:
                break
    assert command["type"] == "watch_queue"
    assert shown(line) == ["c-3", "c-4", "c-5", "c-6"]


async def test_a_fresh_page_that_looks_thin_is_not_asked_for_again(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page(count=9), limit=4)

    choosing = asyncio.create_task(client.agent().set_status("busy"))
    command = await peer.command()
    await peer.reply(command)
    await choosing

    assert command["type"] == "set_status"
    assert line.waiting == 9


async def test_too_many_events_before_a_page_make_it_be_asked_for_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casebaton.client.line.EARLY_EVENTS", 2)
    client, peer = await stage.connected()
    watching = asyncio.create_task(client.watch_queue("billing"))
    command = await peer.command()

    old = stage.script.position()
    for n in range(3):
        await peer.event("case_queued", waiting(f"c-{n}", n))
    await peer.reply(command, a_page(), old)
    await peer.reply(await peer.command(), a_page(*(waiting(f"c-{n}", n) for n in range(3))))

    assert shown(await watching) == ["c-0", "c-1", "c-2"]


async def test_a_page_that_does_not_come_is_asked_for_again(stage: Stage) -> None:
    client, peer = await stage.connected()
    watching = asyncio.create_task(client.watch_queue("billing"))
    first = await peer.command()

    await stage.clock.waits(10.0)
    stage.clock.advance(10.0)
    second = await peer.command()
    await peer.reply(second, a_page(waiting("c-1", 1)))

    assert first["id"] != second["id"]
    assert shown(await watching) == ["c-1"]


async def test_a_watch_begun_without_a_connection_waits_for_one(stage: Stage) -> None:
    client, peer = await stage.connected()
    peer.drop()
    await until(client, lambda: client.state == "connecting")

    watching = asyncio.create_task(client.watch_queue("billing"))
    peer = await stage.returned()
    await peer.reply(await peer.command(), a_page(waiting("c-1", 1)))

    assert shown(await watching) == ["c-1"]


async def test_a_line_raises_what_ends_the_connection(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page())

    await peer.close(4403)

    with pytest.raises(ConnectionEnded):
        await _all(line)


async def test_after_a_loss_the_line_is_watched_again(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page(waiting("c-1", 1)))

    peer.drop()
    peer = await stage.returned()
    command = await peer.command()
    assert shown(line) == ["c-1"]
    assert not line.is_live
    await peer.reply(command, a_page(waiting("c-2", 2)))

    async with asyncio.timeout(WITHIN_S):
        await line.opened()
    assert shown(line) == ["c-2"]


async def test_the_same_queue_is_watched_once(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page())

    assert await client.watch_queue("billing") is line


async def test_unwatching_ends_the_line(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page(waiting("c-1", 1)))
    following = asyncio.create_task(_all(line))

    leaving = asyncio.create_task(line.unwatch())
    command = await peer.command()
    await peer.reply(command)
    await leaving

    assert (command["type"], command["queue"]) == ("unwatch", "billing")
    assert await following == ["c-1"]
    assert client.view.lines == {}
    assert (await watched(client, peer, a_page())).waiting == 0


async def _all(line: QueueLine) -> list[str]:
    return [case.case async for cases in line for case in cases]


async def test_a_refused_watch_is_raised(stage: Stage) -> None:
    client, peer = await stage.connected()
    watching = asyncio.create_task(client.watch_queue("secret"))

    await peer.refuse(await peer.command(), "NOT_MEMBER")

    with pytest.raises(CommandRefused, match="NOT_MEMBER"):
        await watching


async def test_a_line_ends_with_the_client(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page(waiting("c-1", 1)))
    following = asyncio.create_task(_all(line))

    await client.close()

    assert await following == ["c-1"]


async def test_taking_from_a_line_shows_the_cases_baton(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page(waiting("c-1", 1)))

    taking = asyncio.create_task(line.take(line.cases[0]))
    command = await peer.command()
    brief = {"case": "c-1", "state": "active", "owner": "agent:ana", "agent": "ana", "baton": "b", "revision": 2}
    await peer.reply(command, brief)

    assert (command["type"], command["baton"]) == ("take_case", "c-1-waiting")
    assert (await taking,) == client.agent().desk


async def test_only_an_agent_takes(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    line = await watched(client, peer, a_page(waiting("c-1", 1)))

    with pytest.raises(WrongRole):
        await line.take(line.cases[0])


async def test_a_line_says_whether_its_queue_is_stopped(stage: Stage) -> None:
    client, peer = await stage.connected()
    line = await watched(client, peer, a_page() | {"paused": False, "draining": False, "open": True})
    assert (line.is_paused, line.is_draining, line.is_open) == (False, False, True)

    await peer.event("queue_paused", queue="billing", paused=True, draining=True, open=False, position="200-0")

    await until(client, lambda: line.is_paused)
    assert (line.is_draining, line.is_open) == (True, False)
