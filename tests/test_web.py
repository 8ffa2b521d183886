"""The web SDK against the server: the messages that TypeScript names are those of the wire and of the engine."""

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from casebaton.service import access
from casebaton.wire import frames, session
from casebaton.wire import messages as m
from casebaton.wire.words import Place
from casebaton.workspace.statuses import RESERVED
from tests.engine import BASIC, START, Engine

ROOT = Path(__file__).parents[1]
MESSAGES = (ROOT / "web" / "src" / "sdk" / "messages.ts").read_text()
CONNECTION = (ROOT / "web" / "src" / "sdk" / "connection.ts").read_text()
WORKPLACE = (ROOT / "web" / "src" / "page" / "workplace.ts").read_text()
APP = (ROOT / "web" / "src" / "page" / "app.tsx").read_text()
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()

COMMANDS: dict[str, type[m.CommandMessage]] = {str(shape.__struct_config__.tag): shape for shape in get_args(m.Command)}
# What agents may send and this page has no use for.
UNUSED = {"update_case", "refresh_token", "why_case", "add_note", "read_notes", "raise_flag", "lower_flag", "set_stage"}
UNUSED |= {"find_colleagues", "read_names"}


def members(text: str) -> dict[str, bool]:
    """The members of a TypeScript object type, and whether each is required."""
    return {name: not mark for name, mark in re.findall(r"(?:^|[{;\n])\s*(\w+)(\??):", text)}


def interface(name: str) -> dict[str, bool]:
    """The members of an interface of `messages.ts`."""
    found = re.search(rf"interface {name}\b[^{{]*{{(.*?)\n}}", MESSAGES, re.DOTALL)
    assert found, name
    return members(re.sub(r"/\*.*?\*/", "", found[1]))


def union(name: str) -> set[str]:
    """The words of a union of string literals."""
    found = re.search(rf"type {name} =([^;]*);", MESSAGES)
    assert found, name
    return set(re.findall(r'"(\w+)"', found[1]))


def words(name: str) -> set[str]:
    """The words of a constant array."""
    found = re.search(rf"const {name} = \[(.*?)\]", MESSAGES, re.DOTALL)
    assert found, name
    return set(re.findall(r'"(\w+)"', found[1]))


def commands() -> dict[str, dict[str, bool]]:
    """The commands of `messages.ts` with their members beside `type`."""
    found: dict[str, dict[str, bool]] = {}
    for body, on_case in re.findall(r"^  \| \(?({ type: .*?})( & OnCase)?\)?;?$", MESSAGES, re.MULTILINE):
        kind = re.search(r'type: "(\w+)"', body)
        assert kind
        fields = members(body) | (interface("OnCase") if on_case else {})
        found[kind[1]] = {name: required for name, required in fields.items() if name != "type"}
    return {name: fields for name, fields in found.items() if name != "reply"}


def fields_of(shape: Any) -> dict[str, bool]:
    """The fields of a wire struct, and whether each is required."""
    return {field.name: field.required for field in msgspec.structs.fields(shape)}


# -- commands --------------------------------------------------------------------------------------------------------


def test_the_page_knows_every_command_that_it_has_a_use_for() -> None:
    of_agents = {str(shape.__struct_config__.tag) for shape, roles in access.MAY.items() if "agent" in roles}
    assert set(commands()) == of_agents - UNUSED


@pytest.mark.parametrize("name", commands())
def test_a_command_has_the_fields_of_the_wire_and_requires_what_the_wire_requires(name: str) -> None:
    ours, wire = commands()[name], fields_of(COMMANDS[name])
    assert {*ours, "id"} == set(wire)
    assert {field for field, required in wire.items() if required} <= {"id", *(field for field in ours if ours[field])}


def test_places_statuses_and_the_protocols_number_are_the_wires() -> None:
    assert union("Place") == set(get_args(Place))
    assert union("Status") == RESERVED
    assert f"PROTOCOL = {frames.PROTOCOL};" in MESSAGES


# -- what the server says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "shape"), [("Card", m.Card), ("Fault", frames.Fault), ("Draining", frames.Draining)])
def test_a_frame_has_the_fields_of_the_wire(name: str, shape: Any) -> None:
    assert interface(name).keys() - {"type"} == fields_of(shape).keys()


def test_the_page_reads_nothing_of_a_welcome_that_the_server_does_not_say() -> None:
    assert interface("Welcome").keys() - {"type"} == fields_of(frames.Welcome).keys() - {"limits"}


def test_case_events_are_those_of_the_protocol() -> None:
    listed = PROTOCOL.partition("Case events:")[2].partition(":\n")[0]
    assert words("CASE_EVENTS") == set(re.findall(r"`(\w+)`", listed))


async def test_snapshots_have_every_member_that_the_page_requires(engine: Engine) -> None:
    await engine.add_agent("ana")
    await engine.submit("c-1")
    snapshot = await engine.agent("ana")
    for name, found in (("AgentState", snapshot["agent"]), ("Case", snapshot["offers"][0])):
        assert {member for member, required in interface(name).items() if required} <= found.keys()


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
    view = words("CASE_VIEW")
    shown = {event["type"]: view & event.keys() for event in await engine.events() if "case" in event}
    entering = {"case_queued", "case_offered", "case_taken", "case_assigned"}
    assert shown == {kind: view if kind in entering else set() for kind in shown}
    assert {"case_accepted", "case_wrapping", "case_cancelled"} <= shown.keys()


# -- close codes -----------------------------------------------------------------------------------------------------


def test_the_codes_after_which_the_page_stays_away_are_those_of_the_session() -> None:
    listed = re.search(r"FINAL_CODES.*?\[(.*?)\]", CONNECTION)
    assert listed
    final = {session.BAD_FRAME, session.NOT_ALLOWED, session.NO_WORKSPACE, session.WRONG_PROTOCOL, session.TOO_MANY}
    assert {int(code) for code in listed[1].split(",")} == final
    assert f"TOKEN_REFUSED = {session.UNAUTHENTICATED};" in CONNECTION
    assert f"TOO_MANY_CONNECTIONS = {session.TOO_MANY_CONNECTIONS};" in WORKPLACE
    sentences = APP.partition("const ENDED")[2].partition("};")[0]
    assert {int(code) for code in re.findall(r"^  (\d{4}):", sentences, re.MULTILINE)} == {
        *final,
        session.UNAUTHENTICATED,
    }
