import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from loadtest.__main__ import main
from loadtest.peers import bullmq
from loadtest.peers.postgres import server
from loadtest.peers.ratios import Found, Missing, ratio
from loadtest.peers.registry import PEERS, Peer, run


def silent(_: str) -> None:
    pass


async def test_what_is_missing_is_skipped_and_the_next_peer_is_measured() -> None:
    async def missing(_: Callable[[str], None], **__: Any) -> Found:
        raise Missing("there is no such thing")

    async def measure(_: Callable[[str], None], *, rounds: int, lives: int) -> Found:
        return Found({"lives": ratio([{"a": lives, "b": 1}] * rounds, "a", "b")}, {})

    said: list[str] = []
    peers = [Peer("first", "", missing, {}), Peer("second", "", measure, {"lives": 7})]
    outcomes = await run(said.append, peers, rounds=3)
    assert "skipped: there is no such thing" in said
    assert isinstance(outcomes["first"], Missing)
    second = outcomes["second"]
    assert isinstance(second, Found)
    assert (second.ratios["lives"].median, second.ratios["lives"].rounds) == (7, 3)


def test_without_its_tools_the_command_skips_every_peer_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "prefix", "/nowhere")
    monkeypatch.setattr(server, "DEBIAN", server.DEBIAN / "nowhere")
    for module in ("asyncpg", "picows"):
        monkeypatch.setitem(sys.modules, module, None)
    result = CliRunner().invoke(main, ["peers", "bullmq", "postgres", "calls", "picows"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout.splitlines()[-1])["peers"]
    assert {name: list(outcome) for name, outcome in said.items()} == {
        name: ["skipped"] for name in ("bullmq", "postgres", "calls", "picows")
    }
    assert "Node >= 20" in said["bullmq"]["skipped"]
    assert "redis-tools" in said["calls"]["skipped"]


def test_an_unknown_peer_is_refused_with_the_names_there_are() -> None:
    result = CliRunner().invoke(main, ["peers", "sidekiq"])
    assert result.exit_code == 2
    assert all(name in result.output for name in PEERS)


def test_bullmq_is_pinned_to_what_its_manifest_asks_for() -> None:
    asked = json.loads((bullmq.HERE / "package.json").read_text())["dependencies"]
    packages = json.loads((bullmq.HERE / "package-lock.json").read_text())["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert not [name for name, package in packages.items() if "resolved" in package]
