"""Configuration and roster over a socket, with the Python client."""

from typing import Any

import pytest

from casebaton.client import Client, CommandRefused, NotSent
from casebaton.errors import Finding
from tests.node.world import RunningNode


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
