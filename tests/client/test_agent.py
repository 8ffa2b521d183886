"""An agent: offers, ownership, and what a loss or a race does to them."""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

import msgspec
import pytest

from casebaton.client import Agent, Case, CommandRefused, ConnectionEnded, Offer, OwnedCase, Window, WrongRole
from tests.client.conftest import Stage
from tests.client.peer import WITHIN_S, Json, Peer, a_case, a_snapshot, until

T = TypeVar("T")


async def answered(peer: Peer, asking: Coroutine[Any, Any, T], ok: Json | None = None) -> tuple[T, Json]:
    """Let the server accept the one command that a call sends; gives the call's result and the command."""
    task = asyncio.create_task(asking)
    command = await peer.command()
    await peer.reply(command, ok)
    return await task, command


def owned(case: str, **fields: Any) -> Json:
    """Make the reply to an accept or a take."""
    brief = {"case": case, "state": "active", "owner": "agent:ana", "agent": "ana"}
    return brief | {"baton": f"{case}-active", "revision": 2} | fields


async def test_a_status_is_asked_for_and_learnt_from_the_event(stage: Stage) -> None:
    client, peer = await stage.connected()
    agent = client.agent()

    _, command = await answered(peer, agent.set_status("busy", ["chat"]))
    assert (command["type"], command["status"], command["channels"]) == ("set_status", "busy", ["chat"])
    assert agent.state.status == "online"

    changed = {"agent": "ana", "status": "busy", "status_cause": "agent", "channels": ["chat"], "label": "busy"}
    await peer.event("agent_status_changed", changed)
    await until(client, lambda: agent.state.status == "busy")
    assert agent.state.channels == ("chat",)


async def test_a_configured_status_is_chosen_by_its_name(stage: Stage) -> None:
    client, peer = await stage.connected()
    agent = client.agent()
    (lunch,) = agent.statuses
    assert (lunch.status, lunch.kind) == ("lunch", "busy")

    _, command = await answered(peer, agent.set_status(lunch.status))
    assert command["status"] == "lunch"
    changed = {"agent": "ana", "status": "busy", "status_cause": "agent", "label": "lunch", "label_before": "online"}
    await peer.event("agent_status_changed", changed)
    await until(client, lambda: agent.state.label == "lunch")
    assert (agent.state.status, agent.state.label_before) == ("busy", "online")


@pytest.mark.parametrize(("before", "channels"), [(["*"], None), (["chat"], ["chat"]), ([], [])])
async def test_one_call_undoes_what_the_server_changed(
    stage: Stage, before: list[str], channels: list[str] | None
) -> None:
    client, peer = await stage.connected()
    agent = client.agent()
    changed = {
        "agent": "ana",
        "status": "busy",
        "label": "break",
        "status_cause": "on_decline",
        "label_before": "online",
    }
    await peer.event("agent_status_changed", changed | {"channels_before": before})
    await until(client, lambda: agent.state.status_cause == "on_decline")

    _, command = await answered(peer, agent.undo_status())
    assert (command["type"], command["status"], command.get("channels")) == ("set_status", "online", channels)


async def test_a_next_status_is_asked_for_and_shown_until_it_comes(stage: Stage) -> None:
    client, peer = await stage.connected()
    agent = client.agent()

    _, command = await answered(peer, agent.set_next_status("offline"))
    assert (command["status"], command["next"]) == ("offline", True)
    changed = {"agent": "ana", "status": "online", "label": "online", "next_status": "offline"}
    await peer.event("agent_status_changed", changed)
    await until(client, lambda: agent.state.next_status == "offline")
    changed |= {"status": "offline", "label": "offline", "next_status": "", "status_cause": "shift_end"}
    await peer.event("agent_status_changed", changed)
    await until(client, lambda: agent.state.status == "offline")
    assert (agent.state.next_status, agent.state.status_cause) == ("", "shift_end")


async def test_offers_come_once_each_from_the_snapshot_and_the_events(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    async with asyncio.timeout(WITHIN_S), aclosing(client.agent().offers()) as offers:
        assert (await anext(offers)).case.case == "c-1"

        await peer.event("case_updated", a_case("c-1", "offered", revision=2))
        await peer.event("case_offered", a_case("c-2", "offered"))

        assert (await anext(offers)).case.case == "c-2"


async def test_who_lags_misses_only_offers_that_have_ended(stage: Stage) -> None:
    client, peer = await stage.connected()
    agent = client.agent()
    async with asyncio.timeout(WITHIN_S), aclosing(agent.offers()) as offers:
        for n in (1, 2):
            await peer.event("case_offered", a_case(f"c-{n}", "offered"))
        await peer.event("offer_expired", a_case("c-1"), state_before="offered", agent_before="ana")
        await until(client, lambda: set(client.view.offers) == {"c-2"})

        assert (await anext(offers)).case.case == "c-2"
        assert [offer.case.case for offer in agent.open_offers] == ["c-2"]


async def test_an_offer_that_ends_while_another_is_looked_at_is_not_handed_out(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered"), a_case("c-2", "offered")))
    async with asyncio.timeout(WITHIN_S), aclosing(client.agent().offers()) as offers:
        first = await anext(offers)
        await peer.event("offer_expired", a_case("c-2"), state_before="offered", agent_before="ana")
        await peer.event("case_offered", a_case("c-3", "offered"))
        await until(client, lambda: set(client.view.offers) == {"c-1", "c-3"})

        assert (first.case.case, (await anext(offers)).case.case) == ("c-1", "c-3")


async def test_the_same_case_offered_again_is_another_offer(stage: Stage) -> None:
    client, peer = await stage.connected()
    async with asyncio.timeout(WITHIN_S), aclosing(client.agent().offers()) as offers:
        await peer.event("case_offered", a_case("c-1", "offered", baton="b-1"))
        first = await anext(offers)
        await peer.event("offer_revoked", a_case("c-1"), state_before="offered", agent_before="ana")
        await peer.event("case_offered", a_case("c-1", "offered", baton="b-2"))
        second = await anext(offers)

    assert (first.is_open, second.is_open) == (False, True)


async def test_callbacks_hear_of_open_and_later_offers(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    heard: list[Offer] = []
    stop = client.agent().on_offer(heard.append)

    await peer.event("case_offered", a_case("c-2", "offered"))
    await until(client, lambda: len(heard) == 2)
    stop()
    await peer.event("case_offered", a_case("c-3", "offered"))
    await until(client, lambda: "c-3" in client.view.offers)

    assert [offer.case.case for offer in heard] == ["c-1", "c-2"]


async def _all(agent: Agent) -> list[str]:
    return [offer.case.case async for offer in agent.offers()]


async def test_offers_end_with_the_client(stage: Stage) -> None:
    client, _ = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    listening = asyncio.create_task(_all(client.agent()))

    await client.close()

    assert await listening == ["c-1"]


async def test_offers_raise_what_ends_the_connection(stage: Stage) -> None:
    client, peer = await stage.connected()
    offers = client.agent().offers()

    await peer.close(4403)

    with pytest.raises(ConnectionEnded):
        async with asyncio.timeout(WITHIN_S):
            await anext(offers)


async def test_the_deadline_is_told_on_the_servers_clock(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered", deadline_at_ms=1_030_000)))
    (offer,) = client.agent().open_offers
    assert offer.remaining_s == 30

    stage.clock.advance(10)
    assert offer.remaining_s == 20
    await peer.event("clock_moved", by_ms=5000)
    await until(client, lambda: offer.deadline_at_ms == 1_035_000)
    assert offer.remaining_s == 25


async def test_declining_names_the_reason(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    (offer,) = client.agent().open_offers

    _, command = await answered(peer, offer.decline("not_mine"))

    assert command | {"id": ""} == {
        "type": "decline_case",
        "id": "",
        "case": "c-1",
        "baton": "c-1-offered",
        "reason": "not_mine",
    }


async def test_a_case_that_nobody_asked_for_is_told_of_once_with_its_card(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active")))
    agent = client.agent()
    told: list[str] = []
    stop = agent.on_owned(lambda owned: told.append(f"{owned.case.case} {owned.case.card}"))

    given = a_case("c-2", "active", agent_before="", card={"subject": "Given"})
    held = [{"agent": "ana", "interruptible": 2}]
    await peer.event("case_assigned", given, state_before="waiting", held=held)
    await until(client, lambda: "c-2" in client.view.desk)
    assert [told[0].split()[0], told[1]] == ["c-1", "c-2 Card(subject='Given', customer=None, url=None, place=None)"]
    assert (len(agent.desk), agent.state.held_interruptible) == (2, 2)
    stop()
    await peer.event("case_assigned", a_case("c-3", "active"), state_before="waiting")
    await until(client, lambda: "c-3" in client.view.desk)
    assert len(told) == 2


@pytest.mark.parametrize("event_first", [True, False])
async def test_accepting_gives_the_case_whichever_comes_first(event_first: bool, stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    agent = client.agent()
    told: list[OwnedCase] = []
    agent.on_owned(told.append)
    (offer,) = agent.open_offers
    accepting = asyncio.create_task(offer.accept())
    command = await peer.command()
    assert (command["type"], command["baton"]) == ("accept_case", "c-1-offered")

    active = a_case("c-1", "active", revision=2, state_before="offered", agent_before="ana")
    del active["card"]
    position = stage.script.position()
    if event_first:
        await peer.event("case_accepted", active, position=position)
        await peer.reply(command, owned("c-1"), position)
    else:
        await peer.reply(command, owned("c-1"), position)
        early = await accepting
        assert early.is_owned
        await peer.event("case_accepted", active, position=position)
        await until(client, lambda: "c-1" in client.view.desk)
    case = await accepting

    assert agent.desk == (case,)
    assert told == [case]
    assert (case.case.state, case.case.baton) == ("active", "c-1-active")
    assert case.case.card is not None
    assert not offer.is_open
    await peer.event("case_transferred", a_case("c-1", revision=3), state_before="active", agent_before="ana")
    await until(client, lambda: not client.view.desk)
    assert not case.is_owned


async def test_a_case_whose_event_is_still_to_come_stays_owned(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    agent = client.agent()
    accepting = asyncio.create_task(agent.open_offers[0].accept())
    command = await peer.command()
    earlier, accepted = stage.script.position(), stage.script.position()
    await peer.reply(command, owned("c-1"), accepted)
    case = await accepting

    await peer.event("case_taken", a_case("c-2", "active"), state_before="waiting", position=earlier)
    await until(client, lambda: "c-2" in client.view.desk)

    assert case.is_owned
    assert {each.case.case for each in agent.desk} == {"c-1", "c-2"}


async def test_a_second_stay_is_another_handle_also_when_its_reply_comes_first(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active")))
    agent = client.agent()
    (first,) = agent.desk
    returned = stage.script.position()
    again = a_case("c-1", "waiting", revision=2, baton="b-2")
    second, _ = await answered(peer, agent.take(msgspec.convert(again, Case)), owned("c-1", baton="b-3", revision=3))

    before = {"state_before": "active", "agent_before": "ana"}
    await peer.event("case_returned", again, position=returned, **before)
    await until(client, lambda: not client.view.desk)

    assert (first.is_owned, second.is_owned) == (False, True)


async def test_a_refused_accept_leaves_nothing(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    agent = client.agent()
    accepting = asyncio.create_task(agent.open_offers[0].accept())

    await peer.refuse(await peer.command(), "STALE_BATON", current={"owner": "agent:bo"})

    with pytest.raises(CommandRefused):
        await accepting
    assert agent.desk == ()


async def test_a_case_that_left_before_its_reply_was_read_is_not_owned(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    agent = client.agent()
    accepting = asyncio.create_task(agent.open_offers[0].accept())
    command = await peer.command()

    accepted = await peer.event("case_accepted", a_case("c-1", "active", revision=2))
    transferred = a_case("c-1", queue="other", revision=3)
    await peer.event("case_transferred", transferred, state_before="active", agent_before="ana")
    await peer.reply(command, owned("c-1"), accepted)

    assert not (await accepting).is_owned
    assert agent.desk == ()


async def test_an_owned_case_follows_its_events_to_its_end(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active")))
    (case,) = client.agent().desk

    wrapping = a_case("c-1", "wrapping", revision=2, baton="b-2")
    await peer.event("case_wrapping", wrapping, state_before="active", agent_before="ana")
    await until(client, lambda: case.case.state == "wrapping")
    _, command = await answered(peer, case.complete("solved"))
    assert (command["baton"], command["disposition"]) == ("b-2", "solved")

    closed = a_case("c-1", "closed", revision=3, owner="none")
    del closed["agent"]
    await peer.event("case_closed", closed, state_before="wrapping", agent_before="ana")
    await until(client, lambda: not case.is_owned)
    assert client.agent().desk == ()


async def test_a_case_is_returned_transferred_and_updated_with_its_baton(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "active")))
    (case,) = client.agent().desk

    _, returned = await answered(peer, case.return_("busy", "back"))
    _, transferred = await answered(peer, case.transfer("other"))
    _, updated = await answered(peer, case.update(priority=1, subject="new", window=Window(1, 2), place="there"))
    _, noted = await answered(peer, case.add_note("Called back."))
    _, staged = await answered(peer, case.set_stage("cannot_complete", "nobody_home"))

    for command in (returned, transferred, updated, noted, staged):
        del command["id"]
    same = {"case": "c-1", "baton": "c-1-active"}
    assert returned == {"type": "return_case", "reason": "busy", "place": "back"} | same
    assert transferred == {"type": "transfer_case", "queue": "other"} | same
    planned = {"window": {"from_ms": 1, "until_ms": 2}, "place": "there"}
    assert updated == {"type": "update_case", "priority": 1, "subject": "new"} | planned | same
    assert noted == {"type": "add_note", "text": "Called back."} | same
    assert staged == {"type": "set_stage", "stage": "cannot_complete", "reason": "nobody_home"} | same


async def test_after_a_loss_only_the_snapshot_counts(stage: Stage) -> None:
    offers = (a_case("c-1", "offered"), a_case("c-4", "offered", baton="b-1"))
    held = a_snapshot(*offers, a_case("c-2", "active"), a_case("c-3", "active"))
    client, peer = await stage.connected(held)
    agent = client.agent()
    lost, kept = agent.desk
    before = agent.open_offers

    peer.drop()
    await stage.returned(a_snapshot(a_case("c-3", "active"), a_case("c-4", "offered", baton="b-2")))
    await until(client, lambda: set(client.view.offers) == {"c-4"})

    assert [offer.is_open for offer in before] == [False, False]
    assert (lost.is_owned, kept.is_owned) == (False, True)
    assert [offer.case.baton for offer in agent.open_offers] == ["b-2"]


async def test_an_accept_that_was_cut_off_is_settled_on_the_next_connection(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    agent = client.agent()
    accepting = asyncio.create_task(agent.open_offers[0].accept())
    before = await peer.command()
    accepted = stage.script.position()

    peer.drop()
    peer = await stage.returned(a_snapshot(a_case("c-1", "active", revision=2)))
    again = await peer.command()
    await peer.reply(again, owned("c-1"), accepted)

    assert again == before
    assert (await accepting,) == agent.desk


async def test_a_case_accepted_and_lost_before_the_next_snapshot_is_not_owned(stage: Stage) -> None:
    client, peer = await stage.connected(a_snapshot(a_case("c-1", "offered")))
    agent = client.agent()
    accepting = asyncio.create_task(agent.open_offers[0].accept())
    await peer.reply(await peer.command(), owned("c-1"))
    case = await accepting
    owned_at_first = case.is_owned

    peer.drop()
    await stage.returned(a_snapshot(a_case("c-2", "active")))
    await until(client, lambda: "c-2" in client.view.desk)

    assert (owned_at_first, case.is_owned) == (True, False)
    assert [each.case.case for each in agent.desk] == ["c-2"]


async def test_other_roles_have_no_agent(stage: Stage) -> None:
    client, _ = await stage.connected(role="supervisor")

    with pytest.raises(WrongRole, match="needs the role agent"):
        client.agent()
