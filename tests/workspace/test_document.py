from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from casebaton.errors import CasebatonError, Invalid
from casebaton.wire.channels import ChannelSummary
from casebaton.workspace import document, statuses

SMALL = "[channels.case]\n[queues.support]\n"


def test_what_is_left_out_has_the_domains_defaults() -> None:
    found = document.parse(SMALL + "[agents.ana]\n")
    case, support, ana, settings = found.channels["case"], found.queues["support"], found.agents["ana"], found.workspace
    assert (case.pool, case.cost, case.ring_s, case.cooldown_s, case.miss_limit, case.wrap_up_s) == (
        "interruptible", 1, 30, 60, 3, 60,
    )  # fmt: skip
    assert (case.on_offline, case.on_lost, case.on_lost_after_s, case.on_decline_status) == ("keep", "keep", 60, None)
    assert case.idle_alert_s == 0
    assert (case.wrap_up_extensions, case.parked_cost, case.wake_limit_s) == (2, 0, 600)
    assert (support.mode, support.exclusion_s) == ("push", 300)
    assert settings.reopen_s == 7 * 86400
    assert (case.auto_accept, support.auto_accept) == (False, False)
    assert {ana.name, ana.team, ana.capacity, ana.interruptible_capacity, ana.queues} == {UNSET}  # they stay
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
        auto_accept = true
        on_offline = "return"
        on_lost = "return"
        on_lost_after_s = 7
        on_decline_status = "busy"
        idle_alert_s = 9
        wrap_up_extensions = 0
        parked_cost = 2
        wake_limit_s = 300
        stages = true
        windows = true
        reachable_offline = false
        decline_reasons = ["busy"]
        return_reasons = ["not_mine"]
        dispositions = []
        cannot_complete_reasons = ["nobody_home"]
        [queues.billing]
        mode = "both"
        exclusion_s = 120
        auto_accept = true
        [agents.bo]
        name = "Bo"
        team = "north"
        capacity = 20
        interruptible_capacity = 20
        queues = ["billing"]
        auto_accept = true
    """)
    assert found.workspace == document.Settings(offer_limit=2, retention_s=600, grace_s=3, gone_s=9.5, reopen_s=0)
    assert found.channels["chat"] == document.Channel(
        pool="primary",
        cost=5,
        ring_s=15,
        cooldown_s=0,
        miss_limit=1,
        wrap_up_s=20,
        auto_accept=True,
        on_offline="return",
        on_lost="return",
        on_lost_after_s=7,
        on_decline_status="busy",
        idle_alert_s=9,
        wrap_up_extensions=0,
        parked_cost=2,
        wake_limit_s=300,
        stages=True,
        windows=True,
        decline_reasons=["busy"],
        return_reasons=["not_mine"],
        dispositions=[],
        cannot_complete_reasons=["nobody_home"],
    )
    assert found.queues["billing"] == document.Queue(mode="both", exclusion_s=120, auto_accept=True)
    assert found.agents["bo"] == document.Agent(
        name="Bo", team="north", capacity=20, interruptible_capacity=20, queues=["billing"], auto_accept=True
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[channels.case", r"not TOML: "),
        ("[channels.case]\n", r"missing required field `queues`"),
        ("[queues.support]\n", r"missing required field `channels`"),
        (SMALL + "[teams.north]\n", r"unknown field `teams`"),
        ("[channels.case]\nring = 30\n[queues.support]\n", r"^INVALID: \$\.channels\.case\.ring: unknown field `ring`"),
        ("[channels.case]\ncost = -1\n[queues.support]\n", r"\$\.channels\.case\.cost: Expected `int` >= 0"),
        ("[channels.case]\nring_s = 0\n[queues.support]\n", r"\$\.channels\.case\.ring_s"),
        ("[channels.case]\nmiss_limit = 0\n[queues.support]\n", r"\.miss_limit"),
        ("[channels.case]\npool = \"both\"\n[queues.support]\n", r'\.pool: Expected "primary" or "interruptible"'),
        ("[channels.case]\n[queues.support]\nmode = \"ring\"\n", r'\.mode: Expected "push" or "pull" or "both"'),
        ('[channels.case]\n[queues."a/b"]\n', r"\]: Expected 1 to 64 letters, digits and \._@\+-"),
        ('[channels.case]\n[queues."a,b"]\n', r"\]: Expected 1 to 64 letters, digits and \._@\+-"),
        ('[channels."ca:se"]\n[queues.support]\n', r"\]: Expected 1 to 64 letters, digits and \._@\+-"),
        (SMALL + "[agents.ana]\ncapacity = 2000\n", r"\.capacity: Expected `int` <= 1000"),
        (SMALL + '[agents.ana]\nqueues = ["support", "nowhere"]\n', r"^INVALID: \$\.agents\.ana\.queues\[1\]: there"),
        (SMALL + '[agents.ana]\nname = "A\\u202Eb"\n', r"^INVALID: \$\.agents\.ana\.name: Expected a text without"),
        (SMALL + '[agents.ana]\nteam = "=north"\n', r"^INVALID: \$\.agents\.ana\.team: Expected a text that does not"),
        (SMALL + "[agents.ana]\ntiers = {nowhere = 1}\n", r"^INVALID: \$\.agents\.ana\.tiers\.nowhere: there"),
        (SMALL + "[agents.ana]\ncapacity = 2\ninterruptible_capacity = 3\n", r"\.ana\.interruptible_capacity: must"),
        ("[channels.case]\nparked_cost = 2\n[queues.support]\n", r"\$\.channels\.case\.parked_cost: must not be above"),
        (SMALL + "[workspace]\ngrace_s = 30\n", r"\$\.workspace\.gone_s: must not be below grace_s"),
        (SMALL + "[workspace]\noffer_limit = 0\n", r"\$\.workspace\.offer_limit"),
        (SMALL + 'overflow = "nowhere"\n', r"\$\.queues\.support\.overflow: there is no queue nowhere"),
        (SMALL + "member_skills = {german = 1}\n", r"\.member_skills\.german: there is no skill german"),
        (SMALL + "length_limit = -1\n", r"\.length_limit"),
        (SMALL + 'overflow = "b"\n[queues.b]\noverflow = "support"\n', r"support\.overflow: must not come back"),
        (
            SMALL + 'overflow = "q-1"\n' + "".join(f'[queues.q-{n}]\noverflow = "q-{n + 1}"\n' for n in range(1, 8))
            + "[queues.q-8]\n",
            r"^INVALID: \$\.queues\.support\.overflow: must not lead over more than 7 queues",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_its_path(text: str, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        document.parse(text)


MANY_FAULTS = """
[channels.case]
ring = 30
cost = -1
[channels."a b"]
[queues.support]
mode = "ring"
[agents."b.c"]
capacity = "all"
queues = ["support", "b c"]
[workspace]
offer_limit = 0
"""


def test_every_fault_is_named_not_only_the_first() -> None:
    with pytest.raises(Invalid) as raised:
        document.parse(MANY_FAULTS)
    assert [fault.path for fault in raised.value.faults] == [
        "$.channels.case.ring", "$.channels.case.cost", '$.channels["a b"]', "$.queues.support.mode",
        '$.agents["b.c"].capacity', '$.agents["b.c"].queues[1]', "$.workspace.offer_limit",
    ]  # fmt: skip
    assert raised.value.detail == f"{raised.value.faults[0]} (and 6 more)"


@pytest.mark.parametrize("day", ["9999-12-31", "2109-01-02", "1970-01-01", "0001-01-01"])
def test_a_skill_has_no_day_that_no_timer_reaches(day: str) -> None:
    with pytest.raises(Invalid) as raised:
        document.parse(f"[agents.bo]\nskills = {{ german = 1 }}\nskill_dates = {{ german = {{ until = {day} }} }}")
    faults = {fault.path: fault.says for fault in raised.value.faults}
    assert "1970-01-02 to 2109-01-01" in faults["$.agents.bo.skill_dates.german"]


def test_what_contradicts_itself_is_named_in_full_too() -> None:
    with pytest.raises(Invalid) as raised:
        document.parse(SMALL + '[agents.ana]\ncapacity = 2\ninterruptible_capacity = 3\nqueues = ["here", "there"]\n')
    assert [fault.path for fault in raised.value.faults] == [
        "$.agents.ana.queues[0]", "$.agents.ana.queues[1]", "$.agents.ana.interruptible_capacity",
    ]  # fmt: skip


def test_a_list_of_faults_is_bounded_and_says_how_many_there_are() -> None:
    with pytest.raises(Invalid, match=r"\(and 149 more\)$") as raised:
        document.parse(SMALL + "".join(f"[queues.q-{n}]\nmode = 7\n" for n in range(150)))
    assert len(raised.value.faults) == Invalid.most_faults


@pytest.mark.parametrize("text", ["[]", "7", "null", '"text"'])
def test_json_that_is_no_object_has_one_fault(text: str) -> None:
    with pytest.raises(Invalid, match=r"^INVALID: \$: Expected `object`"):
        document.parse(text, "json")


@pytest.mark.parametrize("text", ["{", "[" * 9000, b'{"channels": "\xff"}'])
def test_what_is_not_json_is_said_to_be_so(text: str | bytes) -> None:
    with pytest.raises(CasebatonError, match=r"^NOT_JSON: not JSON: "):
        document.parse(text, "json")


def test_half_a_surrogate_pair_is_named_by_its_path() -> None:
    with pytest.raises(Invalid, match=r"^INVALID: \$\.agents\.ana\.name: half of a surrogate pair"):
        document.parse(rb'{"agents": {"ana": {"name": "\ud83d"}}}', "json")


def test_json_says_the_same_as_toml(tmp_path: Path) -> None:
    path = tmp_path / "workspace.json"
    path.write_text('{"channels": {"case": {"cost": 2}}, "queues": {"support": {}}}')
    assert document.read(path) == document.parse("[channels.case]\ncost = 2\n[queues.support]\n")


def test_the_canonical_text_does_not_depend_on_how_the_document_was_written() -> None:
    toml = document.parse("[queues.b]\nexclusion_s = 20\n[queues.a]\n[channels.case]\nring_s = 30\n[agents.ana]\n")
    json = document.parse('{"channels": {"case": {}}, "queues": {"a": {}, "b": {"exclusion_s": 20.0}}}', "json")
    text = document.canonical(toml)
    assert text == document.canonical(json) == document.canonical(document.parse(text, "json"))
    assert document.digest(toml) == document.digest(json)
    assert text.index(b'"exclusion_s":300,') < text.index(b'"exclusion_s":20,')
    assert b"agents" not in text


STATUS = SMALL + '[statuses.lunch]\nkind = "busy"\n'


def test_a_status_is_for_all_channels_and_teams_unless_it_says_so() -> None:
    lunch = document.parse(STATUS).statuses["lunch"]
    assert (lunch.kind, lunch.channels, lunch.teams) == ("busy", None, None)
    narrow = document.parse(STATUS + 'channels = ["case"]\nteams = ["north"]\n').statuses["lunch"]
    assert (narrow.channels, narrow.teams) == (["case"], ["north"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SMALL + "[statuses.lunch]\n", r"missing required field `kind`"),
        (SMALL + '[statuses.lunch]\nkind = "away"\n', r'\.kind: Expected "online" or "busy" or "offline"'),
        (SMALL + '[statuses.busy]\nkind = "busy"\n', r"^INVALID: \$\.statuses\.busy: this status is built in"),
        (
            SMALL + '[statuses.not_responding]\nkind = "busy"\n',
            r"\$\.statuses\.not_responding: this status is built in",
        ),
        (
            '[channels.case]\non_decline_status = "lunch"\n[queues.support]\n',
            r"\$\.channels\.case\.on_decline_status: no status lunch",
        ),
        (
            '[channels.case]\non_decline_status = "online"\n[queues.support]\n',
            r"\.on_decline_status: no status online",
        ),
        (STATUS + 'channels = ["case", "fax"]\n', r"\$\.statuses\.lunch\.channels\[1\]: there is no channel fax"),
    ],
)
def test_a_fault_of_a_status_is_refused_with_its_path(text: str, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        document.parse(text)


def test_a_status_that_is_online_for_nothing_is_a_warning() -> None:
    online = SMALL + '[statuses.nothing]\nkind = "online"\nchannels = []\n'
    assert [str(warning) for warning in statuses.warnings(document.parse(online).statuses)] == [
        "$.statuses.nothing.channels: who is nothing is online and is offered nothing"
    ]
    assert statuses.warnings(document.parse(STATUS + "channels = []\n").statuses) == []


def test_a_file_is_read_like_its_text(tmp_path: Path) -> None:
    path = tmp_path / "workspace.toml"
    path.write_text(SMALL)
    assert document.read(path) == document.parse(SMALL)
    with pytest.raises(FileNotFoundError):
        document.read(tmp_path / "absent.toml")


# -- what agents are told ---------------------------------------------------------------------------------------------


def told(text: str) -> Any:
    return msgspec.json.decode(document.summaries(document.parse(text)))


def test_agents_are_told_of_a_channel_by_the_documents_own_names() -> None:
    found = document.parse(SMALL + "[channels.chat]\npool = 'primary'\ncost = 5\non_decline_status = 'busy'\n")
    summaries = msgspec.json.decode(document.summaries(found), type=dict[str, ChannelSummary])
    assert summaries.keys() == {"case", "chat"}
    of_document = msgspec.structs.asdict(found.channels["chat"])
    of_summary = msgspec.structs.asdict(summaries["chat"])
    assert of_summary.keys() <= of_document.keys()
    lists = dict.fromkeys(document.REASONS)
    assert of_summary | lists == {name: of_document[name] for name in of_summary} | lists


def test_a_channels_reasons_are_its_own_or_the_workspaces_each_once() -> None:
    found = told("""
        [workspace]
        decline_reasons = ["busy", "tired", "busy"]
        dispositions = ["solved"]
        [channels.case]
        [channels.chat]
        decline_reasons = ["no language"]
        dispositions = []
        cannot_complete_reasons = ["gone"]
        [queues.support]
    """)
    lists = {name: {field: row[field] for field in document.REASONS if field in row} for name, row in found.items()}
    assert lists == {
        "case": {"decline_reasons": ["busy", "tired"], "dispositions": ["solved"]},
        "chat": {"decline_reasons": ["no language"], "cannot_complete_reasons": ["gone"]},
    }


def test_a_number_is_told_in_one_way() -> None:
    assert document.summaries(document.parse(SMALL)) == document.summaries(
        document.parse('{"channels": {"case": {"ring_s": 30.0}}, "queues": {"support": {}}}', "json")
    )


@pytest.mark.parametrize("code", ["", " busy", "a/b", "x" * 65])
def test_a_reason_is_a_code(code: str) -> None:
    with pytest.raises(Invalid) as caught:
        document.parse(f"[channels.case]\ndecline_reasons = ['{code}']\n[queues.support]\n")
    assert [fault.path for fault in caught.value.faults] == ["$.channels.case.decline_reasons[0]"]


def test_what_agents_are_told_stays_small() -> None:
    codes = [f"{'x' * 60}{n}" for n in range(10, 42)]
    channels = "".join(f"[channels.c{n}]\n{'{}'}\n" for n in range(40)).replace("{}", f"decline_reasons = {codes}")
    with pytest.raises(Invalid) as caught:
        document.parse(f"{channels}[queues.support]\n")
    (fault,) = caught.value.faults
    assert fault.path == "$.channels"
    assert fault.says.endswith("bytes, at most 65536")
