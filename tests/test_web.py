"""The web SDK against the server: its types are the structs of the wire, and what it reads is what the engine sends."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec

from casebaton import __version__
from casebaton.client import state
from casebaton.client.events import KNOWN_TYPES, Event
from casebaton.reports.periods import NAMED
from casebaton.service import access
from casebaton.store import facts
from casebaton.wire import messages as m
from casebaton.wire import session, words
from casebaton.workspace.statuses import RESERVED
from tests.engine import BASIC, START, Engine
from tools.web_types import TYPES, render, words_of

ROOT = Path(__file__).parents[1]
SDK = ROOT / "web" / "src" / "sdk"
DOOR = ROOT / "web" / "src" / "door"
TEXTS = ROOT / "web" / "src" / "ui" / "texts" / "en"
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
EVENTS = (SDK / "events.ts").read_text()

COMMANDS: dict[str, type[m.CommandMessage]] = {str(shape.__struct_config__.tag): shape for shape in get_args(m.Command)}


def list_of(name: str) -> set[str]:
    """The words of a constant array of `events.ts`."""
    found = re.search(rf"const {name} = \[(.*?)\]", EVENTS, re.DOTALL)
    assert found, name
    return set(re.findall(r'"(\w+)"', found[1]))


OVER_HTTP = {"read_report", "read_life"}  # where answers may be of any size, and CSV


# -- types -----------------------------------------------------------------------------------------------------------


def test_the_types_in_the_tree_are_those_of_the_structs() -> None:
    assert TYPES.read_text() == render(), "run `python tools/web_types.py`"


def test_the_generator_says_whether_the_file_is_as_it_would_write_it() -> None:
    checked = subprocess.run([sys.executable, "tools/web_types.py", "--check"], cwd=ROOT, check=False)
    assert checked.returncode == 0


def test_the_words_of_the_vocabulary_are_the_engines() -> None:
    assert set(words_of(words.Status)) == RESERVED
    assert set(words_of(words.CaseState)) >= set(facts.ENDED)


def test_the_menu_of_reports_has_every_period_of_the_server() -> None:
    text = (ROOT / "web" / "src" / "supervisor" / "reports" / "period.ts").read_text()
    found = re.search(r"const PERIODS = \[(.*?)\]", text)
    assert found
    assert set(re.findall(r'"(\w+)"', found[1])) == {*NAMED, "dates"}


def test_every_command_that_somebody_may_send_has_its_method() -> None:
    methods = "".join(path.read_text() for path in SDK.glob("*.ts") if path != TYPES)
    missing = {name for name in COMMANDS if f'type: "{name}"' not in methods}
    assert missing == OVER_HTTP
    assert {str(shape.__struct_config__.tag) for shape in access.MAY} == COMMANDS.keys()


def test_the_package_has_the_servers_version() -> None:
    assert msgspec.json.decode((SDK / "package.json").read_bytes())["version"] == __version__


# -- what the engine sends -------------------------------------------------------------------------------------------


def fields_of(shape: Any) -> set[str]:
    """The names of a struct's fields."""
    return {field.name for field in msgspec.structs.fields(shape)}


async def test_a_snapshot_has_no_member_that_the_types_do_not_name(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("c-1")
    snapshot = await engine.agent("ana")
    assert snapshot.keys() <= fields_of(state.Snapshot)
    assert snapshot["agent"].keys() <= fields_of(state.AgentState)
    assert snapshot["offers"][0].keys() <= fields_of(state.Case)
    assert snapshot["queues"][0].keys() <= fields_of(state.QueueSummary)


async def test_an_updated_agent_is_told_by_the_members_that_the_sdk_takes(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.set_agent("ana", capacity=7, limits="case=2", ring_factor=2)
    event = [event for event in await engine.events() if event["type"] == "agent_updated"][-1]
    head = {"type", "log_seq", "at_ms", "config", "actor", "cause", "agent"}
    fold = (SDK / "fold.ts").read_text()
    taken = set(
        re.findall(r'"(\w+)"', " ".join(re.findall(r"const OF_(?:STATUS|PROFILE) = \[(.*?)\]", fold, re.DOTALL)))
    )
    assert event.keys() - head <= taken <= fields_of(state.AgentState)


async def test_a_case_enters_the_view_with_what_later_events_leave_out(engine: Engine) -> None:
    text = BASIC.replace("[queues.support]", "[queues.support]\nplan = 'relax'")
    text = text.replace("[queues.pool]", "[queues.pool]\nplan = 'relax'")
    text = text.replace("[channels.case]", "[channels.case]\nwindows = true")
    await engine.apply(text + "[plans.relax]\nsteps = [{after_s = 60, drop_skills = true}]\n")
    await engine.add_agent("ana", queues=("support", "pool"))
    await engine.submit("c-1", due_at=START, linked_case="c-0", window="1-2")
    await engine.act("ana", "accept", "c-1")
    await engine.steer("supervisor", "cancel", "c-1", reason="withdrawn")
    await engine.act("ana", "complete", "c-1", disposition="")
    await engine.submit("c-2", queue="pool", due_at=START, linked_case="c-0", window="2-3")
    await engine.act("ana", "take", "c-2")
    await engine.set_agent("ana", auto_accept=1)
    await engine.submit("c-3", due_at=START, linked_case="c-0", window="3-4")
    events = [event for event in await engine.events() if "case" in event]
    view = list_of("VIEW")
    shown = {event["type"]: view & event.keys() for event in events}
    entering = {"case_queued", "case_offered", "case_taken", "case_assigned"}
    assert {kind for kind, fields in shown.items() if fields} == entering
    assert {
        fields <= view - {"notes"} and "channel" in fields for kind, fields in shown.items() if kind in entering
    } == {True}
    assert {"case_accepted", "case_wrapping", "case_cancelled"} <= shown.keys()
    told = set().union(*(event.keys() for event in events))
    assert told <= fields_of(Event)


def test_an_events_members_of_a_case_are_a_cases_own() -> None:
    assert list_of("VIEW") | list_of("STAY") <= fields_of(state.Case)
    assert list_of("VIEW").isdisjoint(list_of("STAY"))
    head = {"case", "state", "owner", "queue", "baton", "revision", "state_at_ms", "wake_pending", "worked_ms"}
    assert list_of("VIEW") | list_of("STAY") | head == fields_of(state.Case), "a new field of a case is told or not"


def test_case_events_are_those_of_the_protocol() -> None:
    listed = PROTOCOL.partition("Case events:")[2].partition(":\n")[0]
    assert set(re.findall(r"`(\w+)`", listed)) <= KNOWN_TYPES


# -- close codes -----------------------------------------------------------------------------------------------------


def test_the_codes_after_which_a_page_stays_away_are_within_what_the_sdk_takes_for_final() -> None:
    final = {session.BAD_FRAME, session.NOT_ALLOWED, session.NO_WORKSPACE, session.WRONG_PROTOCOL, session.TOO_MANY}
    assert all(4400 <= code < 4500 for code in final)
    assert f"TOKEN_REFUSED = {session.UNAUTHENTICATED};" in (SDK / "connection.ts").read_text()
    assert f"TOO_MANY_CONNECTIONS = {session.TOO_MANY_CONNECTIONS};" in (DOOR / "link.ts").read_text()
    sentences = (TEXTS / "codes.ts").read_text().partition("const closes")[2].partition("};")[0]
    listed = {int(code) for code in re.findall(r"^  (\d{4}):", sentences, re.MULTILINE)}
    assert listed == {*final, session.UNAUTHENTICATED}
