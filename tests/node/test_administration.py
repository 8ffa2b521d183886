"""Configuration and roster over a socket, with the Python client."""

import asyncio
import threading
from typing import Any

import pytest

from casebaton.client import Client, CommandRefused, NotSent
from casebaton.errors import Finding
from casebaton.service import configuration
from casebaton.workspace import document
from tests.node.world import WITHIN_S, RunningNode


def client(node: RunningNode, role: str = "admin") -> Client:
    """A client for a token of this role."""
    return Client(node.base_url, "acme", token=node.token(role, "ann"))


async def test_a_document_is_read_tried_applied_and_taken_back(node: RunningNode) -> None:
    async with client(node) as ann:
        before = await ann.config()
        assert (before.version, before.document["queues"].keys()) == (1, {"pool", "support"})
        wanted = before.document | {"queues": before.document["queues"] | {"vip": {}}}

        effect = await ann.preview_config(wanted)
        assert [(each.section, each.name, each.change) for each in effect.structure] == [("queues", "vip", "added")]
        assert (await ann.config()).version == 1
        applied = await ann.apply_config(wanted, previous=1)
        assert (applied.version, applied.structure_changed, applied.refused) == (2, True, ())
        assert applied.warnings == (Finding("$.queues.vip", "nobody is in it: its cases are offered to nobody"),)

        assert [each.version for each in await ann.config_versions()] == [2, 1]
        back = await ann.preview_rollback(1)
        assert [(each.name, each.change) for each in back.structure] == [("vip", "removed")]
        assert (await ann.rollback_config(1, previous=2)).version == 3
        after = await ann.config()
        assert (after.document, after.actor) == (before.document, "admin:ann")
        assert "vip" in (await ann.config(2)).document["queues"]


async def test_a_document_is_read_and_tried_as_toml(node: RunningNode) -> None:
    async with client(node) as ann:
        text = (await ann.config(toml="changed")).toml
        assert "[queues.support]" in text
        assert "length_limit" not in text
        assert "length_limit = 0" in (await ann.config(toml="all")).toml
        assert (await ann.preview_config(text)).is_unchanged
        with pytest.raises(CommandRefused, match=r"not TOML.*line 1"):
            await ann.preview_config("queues = = 1")


async def test_others_are_served_while_a_large_document_is_tried(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, may_go_on = asyncio.get_running_loop(), threading.Event()
    under_way: asyncio.Queue[None] = asyncio.Queue()

    def slowly(*arguments: Any) -> Any:
        loop.call_soon_threadsafe(under_way.put_nowait, None)
        assert may_go_on.wait(WITHIN_S)
        return document.parse(*arguments)

    monkeypatch.setattr(configuration, "parse", slowly)
    async with client(node) as ann, client(node) as ben:
        present = (await ann.config()).document
        first, second = (asyncio.create_task(one.preview_config(present)) for one in (ann, ben))
        async with asyncio.timeout(WITHIN_S):
            await under_way.get()
        async with node.signed_in("supervisor", "sue") as sue:
            assert "ok" in await sue.command("read_config")
        assert under_way.empty()  # the other one waits for its turn
        may_go_on.set()
        assert [tried.is_unchanged for tried in await asyncio.gather(first, second)] == [True, True]


async def test_of_very_many_changes_the_first_are_told_and_the_rest_are_counted(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configuration, "LISTED", 2)
    async with client(node) as ann:
        before = (await ann.config()).document
        queues: dict[str, Any] = {f"q-{number}": {} for number in range(5)}
        effect = await ann.preview_config(before | {"queues": before["queues"] | queues})
    assert [each.name for each in effect.structure] == ["q-0", "q-1"]
    assert effect.untold == {"structure": 3, "warnings": 3}


async def test_a_document_upon_another_version_or_with_faults_changes_nothing(node: RunningNode) -> None:
    async with client(node) as ann:
        document = (await ann.config()).document
        another = document | {"queues": document["queues"] | {"vip": {}}}
        for attempt in (ann.apply_config, ann.preview_config):
            with pytest.raises(CommandRefused, match="CONFIG_CHANGED"):
                await attempt(another, previous=7)
            with pytest.raises(CommandRefused, match="INVALID") as caught:
                await attempt({"channels": {"case": {"cost": -1}}, "queues": {"support": {"mode": "ring"}}})
            assert [fault.path for fault in caught.value.faults] == ["$.channels.case.cost", "$.queues.support.mode"]
        for bring_back in (ann.rollback_config, ann.preview_rollback):
            with pytest.raises(CommandRefused, match="UNKNOWN_VERSION"):
                await bring_back(9)
        with pytest.raises(NotSent, match="the server takes"):
            await ann.apply_config(document | {"statuses": {f"s-{i}": {"kind": "busy"} for i in range(5000)}})
        assert (await ann.config()).document == document


async def test_bytes_that_are_no_text_in_a_document_are_refused_as_no_json(node: RunningNode) -> None:
    async with node.signed_in("admin", "ann") as ann:
        await ann.send(b'{"type":"apply_config","id":"x","document":"\xff"}')
        assert (await ann.reply("x"))["error"]["code"] == "NOT_JSON"
        assert "ok" in await ann.command("ping")


async def test_the_same_id_again_has_the_first_answer(node: RunningNode) -> None:
    async with node.signed_in("admin", "ann") as ann:
        document = (await ann.command("read_config"))["ok"]["document"]
        wanted = {"document": document | {"queues": {"support": {}, "pool": {"mode": "both"}}}}
        first = await ann.command("apply_config", id="once", **wanted)
        assert "ok" in await ann.command("rollback_config", version=1)
        again = await ann.command("apply_config", id="once", **wanted)
        assert first["ok"]["version"] == again["ok"]["version"] == 2
        assert (await ann.command("read_config"))["ok"]["version"] == 3


async def test_rows_make_and_change_people_and_those_who_are_missing_leave(node: RunningNode) -> None:
    async with client(node) as ann:
        rows = await ann.roster()
        assert [row["agent"] for row in rows] == ["ana", "bo", "zoe"]
        wanted: list[Any] = [{"agent": "ana", "capacity": 3}, {"agent": "eve", "queues": ["pool"]}]
        tried = await ann.put_roster(wanted, remove_missing=True, dry_run=True)
        assert await ann.roster() == rows
        made = await ann.put_roster(wanted, remove_missing=True)
        done = [("ana", "changed"), ("eve", "created"), ("bo", "removed"), ("zoe", "removed")]
        for found in (tried, made):
            assert [(each.agent, each.done) for each in found.results] == done
        assert {row["agent"]: row["capacity"] for row in await ann.roster()} == {"ana": 3, "eve": 10}
        with pytest.raises(CommandRefused) as caught:
            await ann.put_roster([{"agent": "ana", "queues": ["nowhere"]}, {"agent": "ana"}])
        assert [fault.path for fault in caught.value.faults] == ["$[1].agent"]


async def test_who_supervises_reads_and_only_an_admin_changes(node: RunningNode) -> None:
    async with client(node, "supervisor") as sue:
        document = (await sue.config()).document
        assert len(await sue.roster()) == 3
        assert len(await sue.config_versions()) == 1
        assert (await sue.preview_config(document)).is_unchanged
        assert (await sue.preview_rollback(1)).is_unchanged
        with pytest.raises(CommandRefused, match="FORBIDDEN"):
            await sue.apply_config(document)
        with pytest.raises(CommandRefused, match="FORBIDDEN"):
            await sue.rollback_config(1)
