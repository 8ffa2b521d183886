r"""Half a surrogate pair (`"\ud83d"`): JSON may say it, no text has it."""

import json
import tracemalloc
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebaton.wire import messages as m
from casebaton.wire.session import BAD_FRAME, Close, Run
from casebaton.wire.surrogates import encode, half_in
from tests.wire.world import ACCEPT, HELLO, LIMITS, SUBMIT, a_session, read, refusal, say

HALF = "half \ud83d of it"


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ({"subject": HALF}, "$.subject"),
        ({"subject": "\ude00"}, "$.subject"),
        ({"subject": "\ud83d\ud83d\ude00"}, "$.subject"),
        ({"data": {"floor": [1, {"b": HALF}]}}, "$.data.floor[1].b"),
        ({"data": {"not a name": HALF}}, "$.data[...]"),
        ({"data": {HALF: 1}}, "$.data"),
    ],
)
def test_it_costs_its_command_alone_which_is_told_where_it_stands(bad: dict[str, Any], path: str) -> None:
    session = a_session()
    found = refusal(say(session, SUBMIT | bad))
    assert (found["code"], found["id"]) == ("INVALID", SUBMIT["id"])
    assert found["detail"].startswith(f"{path}: half of a surrogate pair")
    assert isinstance(say(session, ACCEPT)[0], Run), "the session goes on"


@pytest.mark.parametrize("command_id", [HALF, 5, None, "a b"])
def test_an_id_that_is_none_is_not_sent_back(command_id: Any) -> None:
    assert refusal(say(a_session(), SUBMIT | {"id": command_id, "subject": HALF}))["id"] is None


def test_in_a_hello_it_is_no_json_at_all() -> None:
    sent, closed = say(a_session(is_open=False), HELLO | {"token": HALF})
    assert (read(sent)["error"]["code"], closed) == ("NOT_JSON", Close(BAD_FRAME, "not JSON"))


def deep_and_wide(first: str, last: str, *, depth: int = 450, size: int = 60_000) -> bytes:
    """Objects in objects, long names on the way, and in the innermost a long list."""
    opened = f'{{{first},"data":' + ('{"%s":' % ("a" * 60)) * depth
    return (opened + "[" + "0," * ((size - len(opened)) // 2) + last + "]" + "}" * (depth + 1)).encode()


@pytest.mark.parametrize(
    ("is_open", "frame", "code"),
    [
        (True, deep_and_wide('"type":"submit_case","id":"c","queue":"q","subject":"x"', r'"\ud83d"'), "INVALID"),
        (False, deep_and_wide(r'"type":"hello","token":"\ud83d"', r'"\ud83d"'), "NOT_JSON"),
    ],
)
def test_to_find_it_takes_little_memory_however_the_frame_is_built(is_open: bool, frame: bytes, code: str) -> None:
    session = a_session(limits=msgspec.structs.replace(LIMITS, frame_bytes=65536), is_open=is_open)
    tracemalloc.start()
    [sent, *_] = say(session, frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    error = read(sent)["error"]
    assert (error["code"], peak < 2_000_000) == (code, True), peak
    assert len(error["detail"]) < 300


@pytest.mark.parametrize("rest", [b"", rb'\ud8"}', b'\xed\xa0\xbd"}', b'\xf0"}', b'","data":' + b"[" * 3000])
def test_what_is_no_json_besides_is_no_json(rest: bytes) -> None:
    frame = rb'{"type":"search_cases","id":"c","text":"\ud83d' + rest
    assert half_in(frame) is None
    assert say(a_session(), frame)[-1] == Close(BAD_FRAME, "not JSON")


def test_a_whole_pair_is_a_character() -> None:
    [run] = say(a_session(), rb'{"type":"search_cases","id":"q","text":"\ud83d\ude00"}')
    assert isinstance(run, Run)
    assert isinstance(run.command, m.SearchCases)
    assert run.command.text == "😀"


def test_what_is_sent_has_the_replacement_character_in_its_place() -> None:
    data = msgspec.Raw(encode({HALF: ["\ude00", 2**60, None]}))
    sent = json.loads(encode(m.SubmitCase(id="c", queue="support", subject=f"{HALF} 😀", data=data)))
    assert sent["subject"] == "half � of it 😀"
    assert sent["data"] == {"half � of it": ["�", 2**60, None]}


@given(st.text())
def test_any_text_can_be_sent_and_only_halves_change(text: str) -> None:
    sent = msgspec.json.decode(encode(m.AddNote(id="c", case="k", text=f"{text}\ud83d")))
    assert sent["text"] == f"{text}�"


@given(
    st.recursive(st.text(st.characters(codec=None)), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_the_server_takes_whatever_is_sent(value: Any) -> None:
    assert half_in(encode(value)) is None
    msgspec.json.decode(encode(value))
