"""Commands: replies by id, once more after a loss, deadlines, limits."""

import asyncio

import pytest

from casebaton.client import Client, CommandRefused, ConnectionEnded, NotSent, OutcomeUnknown
from casebaton.client.events import Frame
from casebaton.client.outbox import Outbox
from casebaton.wire.messages import Unwatch
from tests.client.conftest import Stage
from tests.client.peer import WITHIN_S, HandClock, Peer, until


async def test_each_reply_finds_its_command(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    first = asyncio.create_task(client.cancel("c-1", "spam"))
    second = asyncio.create_task(client.cancel("c-2", "spam"))
    asked = [await peer.command(), await peer.command()]

    for command in reversed(asked):
        await peer.reply(command, {"case": command["case"], "state": "cancelled"})

    assert ((await first).case, (await second).case) == ("c-1", "c-2")
    assert asked[0]["id"] != asked[1]["id"]


async def test_a_refusal_says_why_and_how_the_case_stands(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    asking = asyncio.create_task(client.cancel("c-1", "spam", baton="b-1"))

    current = {"owner": "agent:bo", "state": "active", "baton": "b-2", "revision": 9}
    await peer.refuse(await peer.command(), "STALE_BATON", detail="too late", current=current)

    with pytest.raises(CommandRefused, match="STALE_BATON: too late") as refusal:
        await asking
    assert refusal.value.current is not None
    assert refusal.value.current.owner == "agent:bo"
    assert not refusal.value.retryable


async def test_what_was_unanswered_goes_out_again_unchanged_and_in_order(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    asking = [asyncio.create_task(client.cancel(f"c-{n}", "spam")) for n in range(3)]
    before = [await peer.command() for _ in asking]
    await peer.reply(before[1])
    await asking[1]

    peer.drop()
    peer = await stage.returned({}, role="producer")
    again = [await peer.command(), await peer.command()]

    assert again == [before[0], before[2]]
    for command in again:
        await peer.reply(command)
    await asyncio.gather(*asking)


async def test_a_cancelled_wait_is_not_sent_again_and_its_reply_is_nobodys(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    given_up = asyncio.create_task(client.cancel("c-1", "spam"))
    command = await peer.command()

    given_up.cancel()
    await asyncio.wait([given_up])
    await peer.reply(command)
    kept = asyncio.create_task(client.cancel("c-2", "spam"))
    assert (await peer.command())["case"] == "c-2"
    peer.drop()
    peer = await stage.returned({}, role="producer")

    command = await peer.command()
    assert command["case"] == "c-2"
    await peer.reply(command)
    await kept


async def test_no_answer_in_time_is_an_unknown_outcome(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    asking = asyncio.create_task(client.cancel("c-1", "spam"))
    command = await peer.command()

    await stage.clock.waits(10.0)
    stage.clock.advance(10.0)
    with pytest.raises(OutcomeUnknown, match="cancel_case may or may not have taken effect"):
        await asking

    await peer.reply(command)  # too late, and no harm
    await still_works(client, peer)


async def test_the_deadline_counts_through_losses(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer", deadline_s=0.2)
    asking = asyncio.create_task(client.cancel("c-1", "spam"))
    await peer.command()

    peer.drop()
    await stage.clock.waits(0.25)
    stage.clock.advance(0.2)

    with pytest.raises(OutcomeUnknown):
        await asking


async def test_without_a_connection_nothing_is_sent(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    peer.drop()
    await until(client, lambda: client.state == "connecting")

    with pytest.raises(NotSent, match="no connection"):
        await client.cancel("c-1", "spam")


async def test_after_the_end_every_command_says_so(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    await peer.close(4403)
    await until(client, lambda: client.state == "disconnected")

    with pytest.raises(ConnectionEnded):
        await client.cancel("c-1", "spam")


async def test_the_end_leaves_no_command_waiting(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    asking = asyncio.create_task(client.cancel("c-1", "spam"))
    await peer.command()

    await client.close()

    with pytest.raises(OutcomeUnknown, match="the client was closed"):
        await asking


async def test_only_so_many_commands_wait_at_once(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer", in_flight=1)
    asking = asyncio.create_task(client.cancel("c-1", "spam"))
    command = await peer.command()

    with pytest.raises(NotSent, match="1 commands"):
        await client.cancel("c-2", "spam")

    await peer.reply(command)
    await asking
    await still_works(client, peer)


async def test_a_command_larger_than_the_server_takes_is_not_sent(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")

    with pytest.raises(NotSent, match="submit_case"):
        await client.submit(queue="billing", subject="big", data="x" * 5000)

    await still_works(client, peer)


async def test_a_command_given_up_before_it_was_sent_stays_here() -> None:
    outbox = Outbox(HandClock(), deadline_s=10, limit=10)
    outbox.reopen(4096)
    given_up = asyncio.create_task(outbox.ask(Unwatch(id="w-1", queue="billing")))
    kept = asyncio.create_task(outbox.ask(Unwatch(id="w-2", queue="billing")))
    assert b"w-1" in await outbox.next()
    outbox.reopen(4096)

    given_up.cancel()
    await asyncio.wait([given_up])

    assert b"w-2" in await outbox.next()
    outbox.answer(Frame(type="reply", id="w-2", position="1-1"))
    await kept


async def test_the_first_answer_counts() -> None:
    outbox = Outbox(HandClock(), deadline_s=10, limit=10)
    outbox.reopen(4096)
    asking = asyncio.create_task(outbox.ask(Unwatch(id="w-1", queue="billing")))
    await outbox.next()

    outbox.answer(Frame(type="reply", id="w-1", position="1-1"))
    outbox.answer(Frame(type="reply", id="w-1", position="1-2"))

    assert (await asking).position == "1-1"


async def test_a_reply_to_nobody_is_logged_without_its_text(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    client, peer = await stage.connected(role="producer")

    await peer.refuse({"id": None}, "INVALID", detail="secret words")
    await still_works(client, peer)

    assert [record.getMessage() for record in caplog.records if record.name == "casebaton.client"] == [
        "the server could not read a command: INVALID"
    ]


async def still_works(client: Client, peer: Peer) -> None:
    async with asyncio.timeout(WITHIN_S):
        asking = asyncio.create_task(client.cancel("c-9", "spam"))
        asked = await peer.command()
        assert asked["case"] == "c-9"
        await peer.reply(asked, {"case": "c-9", "state": "cancelled"})
        assert (await asking).state == "cancelled"


async def test_a_text_that_was_cut_within_an_emoji_is_sent_with_the_replacement_character(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    asking = asyncio.create_task(client.submit(queue="support", subject="cut \ud83d", data={"said": "cut \ud83d"}))
    command = await peer.command()
    assert (command["subject"], command["data"]) == ("cut �", {"said": "cut �"})
    await peer.reply(command, {"case": "c-1", "state": "waiting"})
    await asking
