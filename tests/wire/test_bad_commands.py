"""Bad commands: named by path and id, and the session goes on."""

import json
from typing import Any

import msgspec
import pytest

from casebaton.wire import messages as m
from casebaton.wire.session import (
    BAD_FRAME,
    Close,
    Run,
)
from tests.wire.world import ACCEPT, SUBMIT, a_session, read, refusal, say

BAD_FIELDS = [
    (SUBMIT, {"id": 5}, "$.id"),
    (SUBMIT, {"id": ""}, "$.id"),
    (SUBMIT, {"id": "a b"}, "$.id"),
    (SUBMIT, {"queue": "a:b"}, "$.queue"),
    (SUBMIT, {"queue": None}, "$.queue"),
    (SUBMIT, {"channel": "-x"}, "$.channel"),
    (SUBMIT, {"subject": "x" * 201}, "$.subject"),
    (SUBMIT, {"case": "a/b"}, "$.case"),
    (SUBMIT, {"customer": 7}, "$.customer"),
    (SUBMIT, {"url": "javascript:alert(1)"}, "$.url"),
    (SUBMIT, {"url": "https://x y"}, "$.url"),
    (SUBMIT, {"priority": 10}, "$.priority"),
    (SUBMIT, {"priority": -1}, "$.priority"),
    (SUBMIT, {"priority": "5"}, "$.priority"),
    (SUBMIT, {"priority": 10**400}, "$.priority"),
    (SUBMIT, {"created_at_ms": 2**53}, "$.created_at_ms"),
    (SUBMIT, {"created_at_ms": 1.5}, "$.created_at_ms"),
    (SUBMIT, {"cost": 1001}, "$.cost"),
    (SUBMIT, {"skills": {"german": 0}}, "$.skills[...]"),
    (SUBMIT, {"additional_skills": [{"level": 1}]}, "$.additional_skills[0]"),
    (SUBMIT, {"preferred_agent": "a b"}, "$.preferred_agent"),
    (SUBMIT, {"preferred_ms": -1}, "$.preferred_ms"),
    (ACCEPT, {"case": ["k"]}, "$.case"),
    (ACCEPT, {"baton": ""}, "$.baton"),
    (ACCEPT, {"baton": "a\n"}, "$.baton"),
    ({"type": "decline_case", "id": "c", "case": "k", "baton": "b"}, {"reason": "x" * 65}, "$.reason"),
    ({"type": "return_case", "id": "c", "case": "k", "baton": "b", "reason": "r"}, {"place": "middle"}, "$.place"),
    ({"type": "transfer_case", "id": "c", "case": "k", "baton": "b"}, {"queue": "a,b"}, "$.queue"),
    ({"type": "complete_case", "id": "c", "case": "k", "baton": "b"}, {"disposition": '"'}, "$.disposition"),
    ({"type": "cancel_case", "id": "c", "case": "k", "baton": "b"}, {"reason": "\\"}, "$.reason"),
    ({"type": "update_case", "id": "c", "case": "k", "baton": "b"}, {"priority": 1.0001}, "$.priority"),
    ({"type": "revoke_offer", "id": "c", "case": "k", "baton": "b"}, {"reason": ""}, "$.reason"),
    ({"type": "set_status", "id": "c"}, {"status": "at lunch"}, "$.status"),
    ({"type": "set_status", "id": "c", "status": "online"}, {"channels": ["case", "a b"]}, "$.channels[1]"),
    ({"type": "set_status", "id": "c", "status": "online"}, {"channels": ["x"] * 17}, "$.channels"),
    ({"type": "set_status", "id": "c", "status": "online"}, {"next": "yes"}, "$.next"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"capacity": 1001}, "$.capacity"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"interruptible_capacity": -1}, "$.interruptible_capacity"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"queues": ["a", "-"]}, "$.queues[1]"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"tiers": {"support": 16}}, "$.tiers[...]"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"auto_accept": 1}, "$.auto_accept"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"status": ""}, "$.status"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"limits": {"chat": -1}}, "$.limits[...]"),
    ({"type": "set_agent", "id": "c", "agent": "ana"}, {"ring_factor": 11}, "$.ring_factor"),
    ({"type": "watch_queue", "id": "c", "queue": "support"}, {"limit": 0}, "$.limit"),
    ({"type": "watch_queue", "id": "c", "queue": "support"}, {"limit": 201}, "$.limit"),
    ({"type": "unwatch", "id": "c"}, {"queue": {}}, "$.queue"),
    ({"type": "pause_queue", "id": "c", "queue": "support"}, {"reason": "<b>"}, "$.reason"),
    ({"type": "drain_queue", "id": "c"}, {"queue": ""}, "$.queue"),
    ({"type": "resume_queue", "id": "c"}, {"queue": 1}, "$.queue"),
    ({"type": "refresh_token", "id": "c"}, {"token": 1}, "$.token"),
    ({"type": "remove_agent", "id": "c"}, {"agent": "a:b"}, "$.agent"),
    ({"type": "abandon_case", "id": "c", "case": "k"}, {"baton": "a b"}, "$.baton"),
    ({"type": "take_next", "id": "c"}, {"queue": ""}, "$.queue"),
    ({"type": "assign_case", "id": "c", "case": "k", "baton": "b"}, {"agent": "a/b"}, "$.agent"),
    (
        {"type": "assign_case", "id": "c", "case": "k", "baton": "b", "agent": "bo"},
        {"over_capacity": 1},
        "$.over_capacity",
    ),
    ({"type": "wrap_case", "id": "c", "case": "k", "baton": "b"}, {"disposition": " "}, "$.disposition"),
    ({"type": "extend_wrap_up", "id": "c", "baton": "b"}, {"case": "a b"}, "$.case"),
    ({"type": "park_case", "id": "c", "case": "k", "baton": "b"}, {"wake_at_ms": 2**42 + 1}, "$.wake_at_ms"),
    ({"type": "resume_case", "id": "c", "case": "k"}, {"baton": ""}, "$.baton"),
    ({"type": "reopen_case", "id": "c", "baton": "b"}, {"case": 1}, "$.case"),
    (SUBMIT, {"linked_case": "a:b"}, "$.linked_case"),
    (SUBMIT, {"window": {"at_ms": 5}}, "$.window"),
    (SUBMIT, {"window": None}, "$.window"),
    (SUBMIT, {"window": {"from_ms": -1, "until_ms": 9}}, "$.window.from_ms"),
    (SUBMIT, {"place": "x" * 201}, "$.place"),
    ({"type": "update_case", "id": "c", "case": "k", "baton": "b"}, {"window": {"until_ms": 1.5}}, "$.window.until_ms"),
    ({"type": "transfer_case", "id": "c", "case": "k", "baton": "b"}, {"agent": None}, "$.agent"),
    (
        {"type": "update_case", "id": "c", "case": "k", "baton": "b"},
        {"customer_activity": "yes"},
        "$.customer_activity",
    ),
    ({"type": "add_note", "id": "c", "case": "k"}, {"text": ""}, "$.text"),
    ({"type": "add_note", "id": "c", "case": "k"}, {"text": "x" * 1001}, "$.text"),
    ({"type": "read_notes", "id": "c"}, {"case": "a b"}, "$.case"),
    ({"type": "drain_agent", "id": "c"}, {"agent": ""}, "$.agent"),
    ({"type": "requeue_agent", "id": "c", "agent": "ana"}, {"reason": "a/b"}, "$.reason"),
    ({"type": "raise_flag", "id": "c"}, {"case": ""}, "$.case"),
    ({"type": "raise_flag", "id": "c"}, {"text": "x" * 201}, "$.text"),
    ({"type": "answer_flag", "id": "c", "agent": "ana"}, {"text": 5}, "$.text"),
    ({"type": "set_stage", "id": "c", "case": "k", "baton": "b"}, {"stage": "cancelled"}, "$.stage"),
    ({"type": "set_stage", "id": "c", "case": "k", "baton": "b", "stage": "completed"}, {"reason": ""}, "$.reason"),
]


@pytest.mark.parametrize(("command", "bad", "path"), BAD_FIELDS)
def test_a_bad_field_is_named_by_its_path_and_nothing_runs(
    command: dict[str, Any], bad: dict[str, Any], path: str
) -> None:
    session = a_session()
    found = refusal(say(session, command | bad))
    assert found["code"] == "INVALID"
    assert found["detail"].partition(":")[0] == path
    assert found["id"] == (None if isinstance(bad.get("id"), int) else (command | bad)["id"])
    assert found["error"]["retryable"] is False
    assert isinstance(say(session, ACCEPT)[0], Run), "the session goes on"


@pytest.mark.parametrize(
    ("command", "bad", "says"),
    [
        (SUBMIT, {"queue": "a b"}, "$.queue: expected 1 to 64 letters, digits and ._@+-"),
        (SUBMIT, {"url": "ftp://x"}, "$.url: expected an address that begins with http:// or https://"),
        (ACCEPT, {"baton": ""}, "$.baton: expected a baton"),
        ({"type": "requeue_agent", "id": "c", "agent": "ana"}, {"reason": "ill: flu"},
         "$.reason: expected a code of 1 to 64 letters, digits, spaces and ._-"),
        ({"type": "return_case", "id": "c", "case": "k", "baton": "b", "reason": "r"}, {"place": "middle"},
         "$.place: expected keep or front or back"),
        ({"type": "set_stage", "id": "c", "case": "k", "baton": "b"}, {"stage": "done"},
         "$.stage: expected scheduled or dispatched or"),
    ],
)  # fmt: skip
def test_what_a_pattern_or_a_choice_asks_for_is_said_in_words(
    command: dict[str, Any], bad: dict[str, Any], says: str
) -> None:
    assert refusal(say(a_session(), command | bad))["detail"].startswith(says)


@pytest.mark.parametrize("shape", m.Command.__args__)
def test_every_command_refuses_what_it_does_not_know_and_asks_for_what_it_needs(shape: type[m.CommandMessage]) -> None:
    tag = str(shape.__struct_config__.tag)
    unknown = refusal(say(a_session(), {"type": tag, "id": "c-9", "colour": "red"}))
    assert (unknown["code"], unknown["id"]) == ("INVALID", "c-9")
    needs_more = any(field.required and field.name != "id" for field in msgspec.structs.fields(shape))
    command_id = "c-9" if needs_more else None
    missing = refusal(say(a_session(), {"type": tag} | ({"id": command_id} if command_id else {})))
    assert (missing["code"], missing["id"]) == ("INVALID", command_id)
    assert "missing required field" in missing["detail"]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "fly", "id": "c-1"},
        {"type": None, "id": "c-1"},
        {"type": ["submit_case"], "id": "c-1"},
        {"id": "c-1"},
        SUBMIT | {"colour": "red"},
        SUBMIT | {"Priority": 1},
    ],
)
def test_an_unknown_type_or_field_is_refused_under_the_commands_id(frame: Any) -> None:
    found = refusal(say(a_session(), frame))
    assert (found["code"], found["id"]) == ("INVALID", "c-1")
    assert found["detail"].startswith("$")


@pytest.mark.parametrize("frame", ["[]", "null", "5", "1e999", '"text"', "true"])
def test_json_that_is_no_object_is_refused_without_an_id(frame: str) -> None:
    found = refusal(say(a_session(), frame))
    assert (found["code"], found["id"]) == ("INVALID", None)


def test_a_command_may_come_as_a_binary_frame() -> None:
    [action] = say(a_session(), json.dumps(ACCEPT).encode())
    assert action == Run(m.AcceptCase(id="c-2", case="k", baton="b"))


def test_of_a_field_that_comes_twice_the_last_one_counts() -> None:
    frame = '{"type":"accept_case","id":"c-2","case":"k","baton":"b","case":"l"}'
    assert say(a_session(), frame) == [Run(m.AcceptCase(id="c-2", case="l", baton="b"))]


@pytest.mark.parametrize("depth", [100, 1000, 2000])
def test_nesting_however_deep_is_answered(depth: int) -> None:
    for nested in ("[" * depth + "]" * depth, '{"a":' * (depth // 3) + "1" + "}" * (depth // 3)):
        for frame in (
            f'{{"type":"fly","id":"c-1","x":{nested}}}',
            f'{{"type":"submit_case","id":"c-1","data":{nested}}}',
        ):
            assert read(say(a_session(), frame)[0])["error"]["code"] in ("INVALID", "NOT_JSON")


def test_a_bad_byte_in_a_field_ends_the_connection() -> None:
    sent, closed = say(a_session(), b'{"type":"accept_case","id":"c-1","case":"k","baton":"\xff"}')
    assert read(sent)["error"]["code"] == "NOT_JSON"
    assert closed == Close(BAD_FRAME, "not JSON")


def test_a_bad_byte_behind_a_bad_field_is_answered() -> None:
    sent = say(a_session(), b'{"type":"fly","x":"\xff","id":"c-1"}')[0]
    assert read(sent)["error"]["code"] in ("INVALID", "NOT_JSON")
