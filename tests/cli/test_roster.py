"""`casebaton roster`, as its user runs it."""

from pathlib import Path

import pytest

from tests.cli.processes import run

STORE = ("--workspace", "acme", "--data-dir", "data")


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A directory with a store of workspace acme with agent ana."""
    (tmp_path / "acme.toml").write_text("[channels.case]\n[queues.support]\n[agents.ana]\nqueues = ['support']\n")
    assert (await run(tmp_path, "apply", "acme.toml", "--data-dir", "data"))[0] == 0
    return tmp_path


async def test_what_is_exported_can_be_edited_and_imported(home: Path) -> None:
    code, out, _ = await run(home, "roster", "export", *STORE)
    assert (code, out.splitlines()) == (
        0,
        [
            "agent,name,team,capacity,interruptible_capacity,queues,skills,skill_dates,tiers,auto_accept,limits,ring_factor",
            "ana,ana,,10,3,support,-,-,-,no,-,1",
        ],
    )
    (home / "people.csv").write_text("agent,name,team\nbo,Bo,north\n")
    code, out, err = await run(home, "roster", "import", "people.csv", "--remove-missing", "--dry-run", *STORE)
    warning = "warning: line 2.queues: in no queue: the agent gets no work\n"
    assert (code, out, err) == (0, "bo\tcreated\nana\tremoved\n", warning + "1 created, 1 removed\n")
    assert "ana" in (await run(home, "roster", "export", *STORE))[1]
    code, out, err = await run(home, "roster", "import", "people.csv", "--remove-missing", *STORE)
    assert (code, out, err) == (0, "bo\tcreated\nana\tremoved\n", warning + "1 created, 1 removed\n")
    assert (await run(home, "roster", "export", *STORE))[1].splitlines()[1:] == ["bo,Bo,north,10,3,-,-,-,-,no,-,1"]


async def test_every_fault_has_a_line_of_its_own(home: Path) -> None:
    (home / "people.csv").write_text("agent,capacity\nbo,many\nc d,5\n")
    code, out, err = await run(home, "roster", "import", "people.csv", *STORE)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith("casebaton: line 2.capacity: ")
    assert second.startswith("  line 3.agent: ")
