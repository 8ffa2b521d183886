"""Moves of ownership through the client: what is sent, and what is owned when the answer is there."""

import asyncio

import msgspec

from casebaton.client import Case, CaseBrief, CommandRefused, OwnedCase, Window
from tests.client.conftest import Stage
from tests.client.peer import a_case, a_snapshot, until
from tests.client.test_agent import answered


async def test_the_next_case_is_owned_with_all_that_its_answer_tells(stage: Stage) -> None:
    client, peer = await stage.connected()
    agent = client.agent()
    taken = a_case("c-1", "active", priority=2)

    owned, command = await answered(peer, agent.take_next(), taken)

    assert command.keys() == {"type", "id"}
    assert (owned.case.case, owned.case.priority, owned.case.owner) == ("c-1", 2, "agent:ana")
    assert agent.desk == (owned,)
    await peer.event("case_taken", taken, state_before="waiting")
    await until(client, lambda: "c-1" in client.view.desk)
    assert agent.desk == (owned,)


async def test_a_queue_can_be_named_for_the_next_case(stage: Stage) -> None:
    client, peer = await stage.connected()
    _, command = await answered(peer, client.agent().take_next("billing"), a_case("c-1", "active"))
    assert command | {"id": ""} == {"type": "take_next", "id": "", "queue": "billing"}


async def test_an_owner_wraps_up_and_takes_longer(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active")))
    (case,) = client.agent().desk
    _, wrapping = await answered(peer, case.wrap("solved"))
    assert (wrapping["type"], wrapping["disposition"]) == ("wrap_case", "solved")

    told = {"ends_as": "closed", "extensions": 0, "disposition": "solved", "deadline_at_ms": 60}
    event = a_case("c-1", "wrapping", baton="b-2", revision=2) | told
    await peer.event("case_wrapping", event, state_before="active", agent_before="ana")
    await until(client, lambda: case.case.ends_as == "closed")
    _, extending = await answered(peer, case.extend_wrap_up())
    assert (extending["type"], extending["baton"]) == ("extend_wrap_up", "b-2")

    await peer.event("wrap_up_extended", event | {"revision": 3, "extensions": 1, "deadline_at_ms": 90})
    await until(client, lambda: case.case.extensions == 1)
    assert (case.case.deadline_at_ms, case.case.disposition) == (90, "solved")


async def test_an_owner_parks_and_resumes(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active")))
    (case,) = client.agent().desk
    _, parking = await answered(peer, case.park(90))
    assert (parking["type"], parking["wake_at_ms"]) == ("park_case", 90)

    event = a_case("c-1", "parked", baton="b-2", revision=2)
    await peer.event("case_parked", event | {"wake_at_ms": 90}, state_before="active", agent_before="ana")
    await until(client, lambda: case.case.wake_at_ms == 90)
    await peer.event("case_wake_pending", event | {"revision": 3, "wake_pending": True}, state_before="parked")
    await until(client, lambda: case.case.wake_pending)
    assert case.case.wake_at_ms is None

    _, resuming = await answered(peer, case.resume())
    assert (resuming["type"], resuming["baton"]) == ("resume_case", "b-2")


async def test_a_colleagues_case_is_an_offer_that_its_own_baton_accepts(stage: Stage) -> None:
    client, peer = await stage.connected()
    agent = client.agent()
    told = {"target": "ana", "target_baton": "t-1", "target_deadline_at_ms": 90}
    bos = a_case("c-1", "active", agent="bo", owner="agent:bo", baton="b-1")
    await peer.event("transfer_offered", bos | told, state_before="active", agent_before="bo")
    await until(client, lambda: bool(agent.open_offers))
    (offer,) = agent.open_offers
    assert (offer.case.owner, offer.deadline_at_ms, agent.desk) == ("agent:bo", 90, ())

    reply = {"case": "c-1", "state": "active", "owner": "agent:ana", "agent": "ana", "baton": "b-2", "revision": 3}
    owned, command = await answered(peer, offer.accept(), reply)
    assert (command["type"], command["baton"]) == ("accept_case", "t-1")
    assert (owned.case.baton, owned.case.target, owned.case.deadline_at_ms) == ("b-2", None, None)

    accepted = a_case("c-1", "active", baton="b-2", revision=3)
    await peer.event("case_transferred", accepted, agent_before="bo", target_before="ana", state_before="active")
    await until(client, lambda: not client.view.offers)
    assert (offer.is_open, owned.is_owned, agent.desk) == (False, True, (owned,))


async def test_an_owner_offers_a_case_to_a_colleague_and_keeps_it_till_then(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active")))
    (case,) = client.agent().desk
    _, command = await answered(peer, case.transfer_to("bo", "expert"))
    assert command | {"id": ""} == {
        "type": "transfer_case", "id": "", "case": "c-1", "baton": "c-1-active", "agent": "bo", "reason": "expert",
    }  # fmt: skip
    told = {"target": "bo", "target_baton": "t-1", "target_deadline_at_ms": 90, "revision": 2}
    await peer.event("transfer_offered", a_case("c-1", "active") | told, state_before="active", agent_before="ana")
    await until(client, lambda: case.case.target == "bo")
    assert (case.is_owned, case.case.baton) == (True, "c-1-active")
    failed = a_case("c-1", "active", revision=3)
    await peer.event("transfer_failed", failed, agent_before="ana", target_before="bo", state_before="active")
    await until(client, lambda: case.case.target is None)
    assert case.is_owned


async def test_of_many_cases_each_has_its_own_result(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active"), a_case("c-2", "active")))
    agent = client.agent()
    completing = asyncio.create_task(agent.complete_all(agent.desk, "solved"))
    first = await peer.command()
    await peer.refuse(first, "STALE_BATON")
    second = await peer.command()
    await peer.refuse(second, "TOO_FAST")
    again = await peer.command()
    assert (again["case"], again["disposition"]) == (second["case"], "solved")
    await peer.reply(again, {"case": again["case"]})
    refused, done = await completing
    assert isinstance(refused, CommandRefused)
    assert isinstance(done, CaseBrief)
    assert (refused.code, done.case) == ("STALE_BATON", again["case"])

    returning = asyncio.create_task(agent.return_all(agent.desk[:1], "shift end", "front"))
    command = await peer.command()
    assert (command["type"], command["reason"], command["place"]) == ("return_case", "shift end", "front")
    await peer.reply(command, {"case": command["case"], "state": "waiting"})
    assert await returning == [CaseBrief(case=command["case"], state="waiting")]

    line = [msgspec.convert(a_case("c-9"), Case)]
    taking = asyncio.create_task(agent.take_all(line))
    command = await peer.command()
    await peer.reply(command, a_case("c-9", "active", revision=2))
    (taken,) = await taking
    assert isinstance(taken, OwnedCase)
    assert taken.case.case == "c-9"


async def test_those_who_steer_assign_and_abandon(stage: Stage) -> None:
    client, peer = await stage.connected(role="admin")
    asking = [
        asyncio.create_task(client.assign("c-1", "bo")),
        asyncio.create_task(client.assign("c-1", "bo", over_capacity=True, reason="vip", baton="b-7")),
        asyncio.create_task(client.abandon("c-1")),
        asyncio.create_task(client.resume("c-1")),
        asyncio.create_task(client.reopen("c-1")),
        asyncio.create_task(client.update("c-1", customer_activity=True)),
        asyncio.create_task(client.update("c-1", window=Window(1, 2), place="1 Main St")),
        asyncio.create_task(client.update("c-1", window=None)),
        asyncio.create_task(client.submit(queue="q", subject="s", case="c-2", window=Window(1, 2), place="1 Main St")),
    ]
    commands = [await peer.command() for _ in asking]
    for command in commands:
        await peer.reply(command, {"case": "c-1"})
    await asyncio.gather(*asking)

    on_case, place = {"id": "", "case": "c-1"}, {"place": "1 Main St"}
    planned = {"from_ms": 1, "until_ms": 2}
    assert [command | {"id": ""} for command in commands] == [
        on_case | {"type": "assign_case", "baton": "any", "agent": "bo"},
        on_case | {"type": "assign_case", "baton": "b-7", "agent": "bo", "over_capacity": True, "reason": "vip"},
        on_case | {"type": "abandon_case", "baton": "any"},
        on_case | {"type": "resume_case", "baton": "any"},
        on_case | {"type": "reopen_case", "baton": "any"},
        on_case | {"type": "update_case", "baton": "any", "customer_activity": True},
        on_case | {"type": "update_case", "baton": "any", "window": planned, "place": "1 Main St"},
        on_case | {"type": "update_case", "baton": "any", "window": {}},
        {"type": "submit_case", "id": "", "case": "c-2", "queue": "q", "subject": "s", "window": planned} | place,
    ]
