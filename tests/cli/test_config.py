"""`casebaton apply` and `casebaton config`, as their user runs them."""

import json
from pathlib import Path

import pytest

from tests.cli.processes import run

DOCUMENT = """
[channels.case]
[queues.support]
[agents.ana]
queues = ["support"]
"""
STORE = ("--data-dir", "data")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A directory with a document."""
    (tmp_path / "acme.toml").write_text(DOCUMENT)
    return tmp_path


async def apply(home: Path, text: str, *options: str) -> tuple[int, str, str]:
    (home / "acme.toml").write_text(text)
    return await run(home, "apply", "acme.toml", *STORE, *options)


async def test_a_dry_run_says_what_would_change_and_changes_nothing(home: Path) -> None:
    code, out, err = await apply(home, DOCUMENT, "--dry-run")
    assert (code, out, err) == (0, "acme: a new workspace would be made\n  channels.case added\n"
                                "  queues.support added\n  workspace added\n"
                                "agents: 1 created, 0 changed, 0 unchanged\n", "")  # fmt: skip
    await apply(home, DOCUMENT)
    changed = DOCUMENT.replace("[agents.ana]", "exclusion_s = 60\n[queues.vip]\n[agents.ana]\ncapacity = 5")
    code, out, err = await apply(home, changed, "--dry-run")
    assert out.splitlines() == [
        "acme: version 1 is in force: another would take its place",
        "  queues.support changed: exclusion_s 300 -> 60, 1 agent",
        "  queues.vip added",
        "agents: 0 created, 1 changed, 0 unchanged",
    ]
    assert (code, err) == (0, "warning: $.queues.vip: nobody is in it: its cases are offered to nobody\n")
    code, out, _ = await apply(home, DOCUMENT, "--dry-run", "--json")
    found = json.loads(out)
    assert (code, found["version"], found["is_unchanged"], found["structure"]) == (0, 1, True, [])


async def test_every_fault_has_a_line_of_its_own(home: Path) -> None:
    code, out, err = await apply(home, '[channels.case]\ncost = -1\n[queues.support]\nmode = "ring"\n')
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "casebaton: $.channels.case.cost: Expected `int` >= 0 (and 1 more)",
        '  $.queues.support.mode: Expected "push" or "pull" or "both"',
    ]


async def test_versions_are_listed_shown_and_brought_back(home: Path) -> None:
    await apply(home, DOCUMENT)
    code, out, err = await apply(home, DOCUMENT + "[queues.vip]\n")
    assert (code, out) == (0, "acme: version 2 is in force, structure changed, 1 agent\n")
    assert err == "warning: $.queues.vip: nobody is in it: its cases are offered to nobody\n"

    _, out, _ = await run(home, "config", "versions", "--workspace", "acme", *STORE)
    assert [line.split("\t")[::2] for line in out.splitlines()] == [["2", "admin:apply"], ["1", "admin:apply"]]
    _, out, _ = await run(home, "config", "show", "--workspace", "acme", "--version", "1", *STORE)
    assert json.loads(out)["queues"].keys() == {"support"}

    rollback = ("config", "rollback", "1", "--workspace", "acme", *STORE)
    code, out, _ = await run(home, *rollback, "--dry-run")
    assert (code, out.splitlines()[1]) == (0, "  queues.vip removed")
    code, out, _ = await run(home, *rollback, "--json")
    applied = json.loads(out)
    assert (code, applied["version"], applied["structure_changed"]) == (0, 3, True)
    code, _, err = await run(home, "config", "rollback", "9", "--workspace", "acme", *STORE)
    assert (code, "UNKNOWN_VERSION" in err) == (2, True)


async def test_what_is_shown_can_be_applied_as_it_is(home: Path) -> None:
    await apply(home, DOCUMENT)
    _, out, _ = await run(home, "config", "show", "--workspace", "acme", *STORE)
    (home / "again.json").write_text(out)
    code, out, _ = await run(home, "apply", "again.json", "--workspace", "acme", *STORE)
    assert (code, out) == (0, "acme: version 1 is in force, structure as it was, 0 agents\n")
