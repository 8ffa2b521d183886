"""The facade: addresses, and the commands of producers and supervisors."""

import asyncio

import pytest

from casebaton.client import Client, Note
from casebaton.client.client import socket_url
from tests.client.conftest import Stage
from tests.client.peer import until


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/v1/demo/ws"),
        ("https://cases.example/", "wss://cases.example/v1/demo/ws"),
        ("wss://cases.example/baton", "wss://cases.example/baton/v1/demo/ws"),
    ],
)
def test_the_socket_is_found_from_the_base(base: str, url: str) -> None:
    assert socket_url(base, "demo") == url


@pytest.mark.parametrize(
    "base", ["127.0.0.1:8000", "localhost:8000", "//127.0.0.1", "http://", "ftp://cases.example", ""]
)
async def test_an_address_without_its_scheme_is_said_to_be_none_at_once(base: str) -> None:
    with pytest.raises(ValueError, match="http://host:port"):
        Client(base, "demo", token="t")


async def test_a_client_needs_a_token() -> None:
    with pytest.raises(TypeError, match="token"):
        Client("http://127.0.0.1:1", "demo")


async def test_it_is_open_within_async_with(stage: Stage) -> None:
    async def serve() -> int | None:
        peer = await stage.script.peer()
        await peer.welcome({}, role="producer")
        return await peer.closed()

    serving = asyncio.create_task(serve())
    async with stage.client() as client:
        assert client.state == "connected"

    assert await serving == 1000


async def test_a_submit_carries_what_was_given_and_nothing_else(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    submitting = asyncio.create_task(
        client.submit(queue="support", subject="Help", case="c-1", priority=1, data={"order": [1, None]})
    )
    command = await peer.command()
    await peer.reply(command, {"case": "c-1", "state": "offered", "agent": "ana", "baton": "b", "revision": 2})

    brief = await submitting
    assert (brief.case, brief.state, brief.agent) == ("c-1", "offered", "ana")
    assert command | {"id": ""} == {
        "type": "submit_case",
        "id": "",
        "queue": "support",
        "subject": "Help",
        "case": "c-1",
        "priority": 1,
        "data": {"order": [1, None]},
    }


async def test_steering_commands_say_any_baton_unless_told(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    asking = [
        asyncio.create_task(client.update("c-1", priority=2)),
        asyncio.create_task(client.cancel("c-1", "spam")),
        asyncio.create_task(client.transfer("c-1", "other")),
        asyncio.create_task(client.revoke("c-1", "wrong_person", baton="b-7")),
        asyncio.create_task(client.return_("c-1", "wrong_desk")),
        asyncio.create_task(client.complete("c-1", "solved")),
        asyncio.create_task(client.set_stage("c-1", "dispatched")),
    ]
    commands = [await peer.command() for _ in asking]
    for command in commands:
        await peer.reply(command, {"case": "c-1"})
    await asyncio.gather(*asking)

    assert [(command["type"], command["baton"]) for command in commands] == [
        ("update_case", "any"),
        ("cancel_case", "any"),
        ("transfer_case", "any"),
        ("revoke_offer", "b-7"),
        ("return_case", "any"),
        ("complete_case", "any"),
        ("set_stage", "any"),
    ]


async def test_notes_are_written_and_read(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    writing = asyncio.create_task(client.add_note("c-1", "Called back."))
    written = await peer.command()
    await peer.reply(written, {"case": "c-1", "revision": 2})
    reading = asyncio.create_task(client.notes("c-1"))
    read = await peer.command()
    note = {"number": 1, "at_ms": 5, "actor": "producer:crm", "kind": "note", "text": "Called back."}
    await peer.reply(read, {"case": "c-1", "items": [note]})

    assert written | {"id": ""} == {"type": "add_note", "id": "", "case": "c-1", "text": "Called back."}
    assert (await writing).revision == 2
    assert read | {"id": ""} == {"type": "read_notes", "id": "", "case": "c-1"}
    assert await reading == (Note(number=1, at_ms=5, actor="producer:crm", kind="note", text="Called back."),)


async def test_offers_may_ring_longer_at_an_agent(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    asking = asyncio.create_task(client.set_agent("bo", ring_factor=2))
    command = await peer.command()
    await peer.reply(command, {"agent": "bo"})
    await asking
    assert command | {"id": ""} == {"type": "set_agent", "id": "", "agent": "bo", "ring_factor": 2}


async def test_a_history_is_read_page_by_page(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")
    reading = asyncio.create_task(client.history("c-1", before="5-0", limit=2))
    command = await peer.command()
    event = {"type": "case_closed", "position": "4-0", "case": "c-1", "revision": 4, "state": "closed"}
    await peer.reply(command, {"items": [event, event | {"position": "3-0"}], "next_cursor": "2-0"})

    assert command | {"id": ""} == {"type": "read_history", "id": "", "case": "c-1", "before": "5-0", "limit": 2}
    page = await reading
    assert [(item.type, item.position) for item in page.items] == [("case_closed", "4-0"), ("case_closed", "3-0")]
    assert (page.next_cursor, page.truncated) == ("2-0", False)


async def test_of_an_agent_only_what_is_given_is_sent(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    asking = asyncio.create_task(
        client.set_agent("bo", interruptible_capacity=3, status="busy", auto_accept=False, limits={"chat": 1})
    )
    command = await peer.command()
    await peer.reply(command, {"agent": "bo"})
    await asking

    wanted = {"interruptible_capacity": 3, "status": "busy", "auto_accept": False, "limits": {"chat": 1}}
    assert command | {"id": ""} == {"type": "set_agent", "id": "", "agent": "bo"} | wanted


async def test_an_agent_is_taken_out_of_service(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    asking = [
        asyncio.create_task(client.drain_agent("bo")),
        asyncio.create_task(client.requeue_agent("bo", "ill")),
        asyncio.create_task(client.answer_flag("bo", "Coming")),
    ]
    commands = [await peer.command() for _ in asking]
    for command in commands:
        await peer.reply(command, {"agent": "bo"})
    await asyncio.gather(*asking)
    assert [command | {"id": ""} for command in commands] == [
        {"type": "drain_agent", "id": "", "agent": "bo"},
        {"type": "requeue_agent", "id": "", "agent": "bo", "reason": "ill"},
        {"type": "answer_flag", "id": "", "agent": "bo", "text": "Coming"},
    ]


async def test_an_agent_is_removed(stage: Stage) -> None:
    client, peer = await stage.connected(role="admin")
    asking = asyncio.create_task(client.remove_agent("bo"))
    command = await peer.command()
    await peer.reply(command, {"agent": "bo"})
    await asking
    assert command | {"id": ""} == {"type": "remove_agent", "id": "", "agent": "bo"}


async def test_a_customer_is_erased(stage: Stage) -> None:
    client, peer = await stage.connected(role="admin")
    asking = asyncio.create_task(client.erase_customer("acme"))
    command = await peer.command()
    await peer.reply(command, {"erased": 2})
    assert await asking == 2
    assert command | {"id": ""} == {"type": "erase_customer", "id": "", "customer": "acme"}


async def test_a_queue_is_paused_drained_and_resumed(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    asking = [
        asyncio.create_task(client.pause_queue("billing", reason="fire drill")),
        asyncio.create_task(client.drain_queue("billing")),
        asyncio.create_task(client.resume_queue("billing")),
    ]
    commands = [await peer.command() for _ in asking]
    for command in commands:
        await peer.reply(command, {"queue": "billing"})
    await asyncio.gather(*asking)

    assert [command | {"id": ""} for command in commands] == [
        {"type": "pause_queue", "id": "", "queue": "billing", "reason": "fire drill"},
        {"type": "drain_queue", "id": "", "queue": "billing"},
        {"type": "resume_queue", "id": "", "queue": "billing"},
    ]


async def test_another_agents_events_change_no_view(stage: Stage) -> None:
    client, peer = await stage.connected(role="supervisor")
    heard: list[str] = []
    client.on_event(lambda event: heard.append(event.status))

    await peer.event("agent_status_changed", agent="bo", status="busy", channels=["*"])

    await until(client, lambda: heard == ["busy"])
    assert client.view.agent is None
