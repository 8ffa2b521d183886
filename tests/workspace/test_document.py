from pathlib import Path

import pytest

from casebaton.errors import Invalid
from casebaton.workspace import document

SMALL = "[channels.case]\n[queues.support]\n"


def test_what_is_left_out_has_the_domains_defaults() -> None:
    found = document.parse(SMALL + "[agents.ana]\n")
    case, support, ana, settings = found.channels["case"], found.queues["support"], found.agents["ana"], found.workspace
    assert (case.pool, case.cost, case.ring_s, case.cooldown_s, case.miss_limit, case.wrap_up_s) == (
        "interruptible", 1, 30, 60, 3, 60,
    )  # fmt: skip
    assert (case.wrap_up_extensions, case.parked_cost, case.wake_limit_s) == (2, 0, 600)
    assert (support.mode, support.exclusion_s) == ("push", 300)
    assert (ana.capacity, ana.interruptible_capacity, ana.queues) == (10, 3, [])
    assert settings.reopen_s == 7 * 86400
    assert (settings.offer_limit, settings.retention_s, settings.grace_s, settings.gone_s) == (1, 86400, 5, 20)


def test_all_that_can_be_said_is_read() -> None:
    found = document.parse("""
        [workspace]
        offer_limit = 2
        retention_s = 600
        grace_s = 3
        gone_s = 9.5
        reopen_s = 0
        [channels.chat]
        pool = "primary"
        cost = 5
        ring_s = 15
        cooldown_s = 0
        miss_limit = 1
        wrap_up_s = 20
        wrap_up_extensions = 0
        parked_cost = 2
        wake_limit_s = 300
        [queues.billing]
        mode = "both"
        exclusion_s = 120
        [agents.bo]
        name = "Bo"
        team = "north"
        capacity = 20
        interruptible_capacity = 20
        queues = ["billing"]
    """)
    assert found.workspace == document.Settings(offer_limit=2, retention_s=600, grace_s=3, gone_s=9.5, reopen_s=0)
    assert found.channels["chat"] == document.Channel(
        pool="primary",
        cost=5,
        ring_s=15,
        cooldown_s=0,
        miss_limit=1,
        wrap_up_s=20,
        wrap_up_extensions=0,
        parked_cost=2,
        wake_limit_s=300,
    )
    assert found.queues["billing"] == document.Queue(mode="both", exclusion_s=120)
    assert found.agents["bo"] == document.Agent(
        name="Bo", team="north", capacity=20, interruptible_capacity=20, queues=["billing"]
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[channels.case", r"not TOML: "),
        ("[channels.case]\n", r"missing required field `queues`"),
        ("[queues.support]\n", r"missing required field `channels`"),
        (SMALL + "[teams.north]\n", r"unknown field `teams`"),
        ("[channels.case]\nring = 30\n[queues.support]\n", r"^INVALID: \$\.channels\[\.\.\.\]: .*unknown field `ring`"),
        ("[channels.case]\ncost = -1\n[queues.support]\n", r"\$\.channels\[\.\.\.\]\.cost: Expected `int` >= 0"),
        ("[channels.case]\nring_s = 0\n[queues.support]\n", r"\$\.channels\[\.\.\.\]\.ring_s"),
        ("[channels.case]\nmiss_limit = 0\n[queues.support]\n", r"\.miss_limit"),
        ("[channels.case]\npool = \"both\"\n[queues.support]\n", r"\.pool: Invalid enum value 'both'"),
        ("[channels.case]\n[queues.support]\nmode = \"ring\"\n", r"\.mode: Invalid enum value 'ring'"),
        ('[channels.case]\n[queues."a/b"]\n', r"matching regex"),
        ('[channels.case]\n[queues."a,b"]\n', r"matching regex"),
        ('[channels."ca:se"]\n[queues.support]\n', r"matching regex"),
        (SMALL + "[agents.ana]\ncapacity = 2000\n", r"\.capacity: Expected `int` <= 1000"),
        (SMALL + '[agents.ana]\nqueues = ["support", "nowhere"]\n', r"^INVALID: \$\.agents\.ana\.queues\[1\]: there"),
        (SMALL + "[agents.ana]\ncapacity = 2\n", r"\$\.agents\.ana\.interruptible_capacity: must not be above"),
        ("[channels.case]\nparked_cost = 2\n[queues.support]\n", r"\$\.channels\.case\.parked_cost: must not be above"),
        (SMALL + "[workspace]\ngrace_s = 30\n", r"\$\.workspace\.gone_s: must not be below grace_s"),
        (SMALL + "[workspace]\noffer_limit = 0\n", r"\$\.workspace\.offer_limit"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_its_path(text: str, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        document.parse(text)


def test_a_file_is_read_like_its_text(tmp_path: Path) -> None:
    path = tmp_path / "workspace.toml"
    path.write_text(SMALL)
    assert document.read(path) == document.parse(SMALL)
    with pytest.raises(FileNotFoundError):
        document.read(tmp_path / "absent.toml")
