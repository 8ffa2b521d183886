"""One connection's protocol: no socket, no waiting, a clock that only the test moves."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebaton.errors import OutcomeUnknown, Refused
from casebaton.wire import messages as m
from casebaton.wire.session import (
    BAD_FRAME,
    PATIENCE,
    TOO_MANY,
    WRONG_PROTOCOL,
    Action,
    Authenticate,
    Close,
    Run,
    Send,
    order_of,
)
from tests.wire.world import ACCEPT, HELLO, SUBMIT, Clock, a_session, a_welcome, read, refusal, say

# -- hello -----------------------------------------------------------------------------------------------------------


def test_a_hello_asks_for_its_token_to_be_verified() -> None:
    assert say(a_session(is_open=False), HELLO) == [Authenticate("t")]


@pytest.mark.parametrize(
    ("frame", "path"),
    [
        ({}, "$"),
        ([], "$"),
        ("null", "$"),
        ('"hello"', "$"),
        ({"type": "hello"}, "$"),
        ({"type": "hello", "token": "t"}, "$"),
        (HELLO | {"token": 5}, "$.token"),
        (HELLO | {"protocol": "1"}, "$.protocol"),
        (HELLO | {"protocol": 1.5}, "$.protocol"),
        (HELLO | {"more": 1}, "$"),
        (HELLO | {"type": "hallo"}, "$.type"),
        (SUBMIT, "$.type"),
    ],
)
def test_a_malformed_hello_is_explained_and_ends_the_connection(frame: Any, path: str) -> None:
    sent, closed = say(a_session(is_open=False), frame)
    assert read(sent)["error"]["code"] == "INVALID"
    assert read(sent)["error"]["detail"].partition(":")[0] == path
    assert "the first frame must be hello" in read(sent)["error"]["detail"]
    assert read(sent)["id"] is None
    assert closed == Close(BAD_FRAME, "malformed hello")


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("frame", ["", "hello", "{", '{"type": ', b"\xff\xfe", b'{"\xff'])
def test_what_is_not_json_ends_the_connection(frame: str | bytes, is_open: bool) -> None:
    sent, closed = say(a_session(is_open=is_open), frame)
    assert read(sent)["error"]["code"] == "NOT_JSON"
    assert closed == Close(BAD_FRAME, "not JSON")


@pytest.mark.parametrize("protocol", [0, 2, -1, 2**63])
def test_another_protocol_is_told_which_one_is_spoken(protocol: int) -> None:
    sent, closed = say(a_session(is_open=False), HELLO | {"protocol": protocol})
    assert read(sent) == {
        "type": "reply",
        "id": None,
        "error": {"code": "WRONG_PROTOCOL", "detail": "this server speaks protocol 1", "retryable": False},
    }
    assert closed == Close(WRONG_PROTOCOL, "this server speaks protocol 1")


def test_a_second_hello_is_refused_and_the_session_goes_on() -> None:
    session = a_session()
    assert refusal(say(session, HELLO))["code"] == "INVALID"
    assert isinstance(say(session, ACCEPT)[0], Run)


def test_a_command_before_hello_is_not_run() -> None:
    assert not any(isinstance(action, Run) for action in say(a_session(is_open=False), ACCEPT))


def test_welcome_says_who_where_and_from_which_position() -> None:
    session = a_session(is_open=False)
    welcome = json.loads(session.welcome(a_welcome(session, b'{"agent":{}}', "12-3")))
    assert welcome == {
        "type": "welcome",
        "protocol": 1,
        "workspace": "acme",
        "role": "agent",
        "subject": "ana",
        "server_time_ms": 7,
        "heartbeat_ms": 10_000,
        "limits": {"frame_bytes": 4096, "commands_per_second": 5, "connections": 10},
        "snapshot": {"agent": {}},
        "position": "12-3",
    }


# -- size ------------------------------------------------------------------------------------------------------------


def padded(size: int, letter: str = "x") -> str:
    """A submit of exactly so many bytes."""
    bare = json.dumps(SUBMIT | {"data": ""}, ensure_ascii=False)
    room = size - len(bare.encode())
    count, rest = divmod(room, len(letter.encode()))
    return bare[:-2] + letter * count + "x" * rest + bare[-2:]


@pytest.mark.parametrize("letter", ["x", "é", "語", "😀"])
def test_a_frame_is_measured_in_bytes(letter: str) -> None:
    assert isinstance(say(a_session(), padded(4096, letter))[0], Run)
    found = refusal(say(a_session(), padded(4097, letter)))
    assert found["code"] == "FRAME_TOO_LARGE"
    assert found["detail"] == "4097 bytes, at most 4096"


def test_a_frame_that_is_too_large_costs_nothing_but_itself() -> None:
    session = a_session()
    assert refusal(say(session, b"\xff" * 5000))["code"] == "FRAME_TOO_LARGE"
    assert isinstance(say(session, ACCEPT)[0], Run)


def test_a_hello_that_is_too_large_is_refused_and_another_may_follow() -> None:
    session = a_session(is_open=False)
    assert refusal(say(session, HELLO | {"token": "t" * 5000}))["code"] == "FRAME_TOO_LARGE"
    assert say(session, HELLO) == [Authenticate("t")]


# -- speed -----------------------------------------------------------------------------------------------------------


def is_run(actions: list[Action]) -> bool:
    return isinstance(actions[0], Run)


def test_one_seconds_commands_may_come_at_once_and_no_more() -> None:
    session = a_session()
    assert [is_run(say(session, ACCEPT)) for _ in range(7)] == [True] * 5 + [False] * 2


def test_too_fast_is_refused_under_the_commands_id_as_retryable() -> None:
    session = a_session()
    for _ in range(5):
        say(session, ACCEPT)
    found = refusal(say(session, ACCEPT))
    assert (found["code"], found["id"], found["retryable"]) == ("TOO_FAST", "c-2", True)


def test_the_allowance_comes_back_with_time_and_never_exceeds_a_second() -> None:
    clock = Clock()
    session = a_session(clock)
    for _ in range(5):
        say(session, ACCEPT)
    clock.now += 0.2
    assert [is_run(say(session, ACCEPT)) for _ in range(2)] == [True, False]
    clock.now += 3600
    assert [is_run(say(session, ACCEPT)) for _ in range(6)] == [True] * 5 + [False]


def test_a_sender_who_never_slows_down_is_closed_after_the_refusal() -> None:
    session = a_session()
    answers = [say(session, ACCEPT) for _ in range(5 + PATIENCE)]
    assert all(len(actions) == 1 for actions in answers[:-1])
    sent, closed = answers[-1]
    assert read(sent)["error"]["code"] == "TOO_FAST"
    assert closed == Close(TOO_MANY, "too many commands")


FLOODS = [SUBMIT | {"queue": 5}, {"type": "fly", "id": "c-1"}, b"[" * 5000]


@pytest.mark.parametrize("frame", FLOODS)
def test_frames_that_are_no_commands_come_no_faster_than_commands_do(frame: Any) -> None:
    session = a_session()
    codes = [read(say(session, frame)[0])["error"]["code"] for _ in range(7)]
    assert codes[5:] == ["TOO_FAST"] * 2
    assert "TOO_FAST" not in codes[:5]
    assert refusal(say(session, ACCEPT))["code"] == "TOO_FAST"


@pytest.mark.parametrize("frame", FLOODS)
def test_a_flood_of_what_is_no_command_ends_the_connection(frame: Any) -> None:
    session = a_session()
    answers = [say(session, frame) for _ in range(5 + PATIENCE)]
    assert answers[-1][-1] == Close(TOO_MANY, "too many commands")


def test_a_flood_of_frames_that_are_too_large_before_hello_ends_the_connection() -> None:
    session = a_session(is_open=False)
    answers = [say(session, b"[" * 5000) for _ in range(5 + PATIENCE)]
    assert answers[-1][-1] == Close(TOO_MANY, "too many commands")


def test_one_accepted_command_restores_patience() -> None:
    clock = Clock()
    session = a_session(clock)
    for _ in range(5 + PATIENCE - 1):
        say(session, ACCEPT)
    clock.now += 0.2
    assert is_run(say(session, ACCEPT))
    assert all(len(say(session, ACCEPT)) == 1 for _ in range(PATIENCE - 1))


def test_a_program_may_be_allowed_more() -> None:
    session = a_session()
    session.allow(50)
    assert sum(is_run(say(session, ACCEPT)) for _ in range(60)) == 50
    assert session.limits.commands_per_second == 50


# -- events ----------------------------------------------------------------------------------------------------------


def test_positions_compare_as_numbers() -> None:
    assert order_of("9-0") < order_of("10-0") < order_of("10-2") < order_of("10-10")


def test_a_session_wants_only_topics_it_follows_and_only_what_came_after() -> None:
    session = a_session()
    session.follow("agent:ana", "9-5")
    assert not session.wants(("agent:ana",), order_of("9-5"))
    assert not session.wants(("agent:ana",), order_of("9-4"))
    assert session.wants(("agent:ana",), order_of("9-10"))
    assert session.wants(("queue:support", "agent:ana"), order_of("10-0"))
    assert not session.wants(("queue:support",), order_of("10-0"))
    assert not session.wants((), order_of("10-0"))


def test_topics_begin_at_different_positions_and_one_suffices() -> None:
    session = a_session()
    session.follow("agent:ana", "5-0")
    session.follow("queue:support", "8-0")
    assert session.wants(("queue:support", "agent:ana"), order_of("6-0"))
    assert not session.wants(("queue:support",), order_of("6-0"))


def test_an_unfollowed_topic_is_wanted_no_longer_and_unfollowing_twice_is_harmless() -> None:
    session = a_session()
    session.follow("queue:support", "5-0")
    session.unfollow("queue:support")
    session.unfollow("queue:support")
    assert not session.wants(("queue:support",), order_of("6-0"))


def test_an_event_is_the_engines_bytes_with_seq_and_position_in_front() -> None:
    session = a_session()
    body = '{"type":"case_offered","log_seq":12,"card":{"subject":"Größe"}}'.encode()
    first, second = session.event("12-0", body), session.event("12-1", body)
    assert json.loads(first) == {"seq": 1, "position": "12-0"} | json.loads(body)
    assert json.loads(second)["seq"] == 2
    assert first.endswith(body[1:])


# -- replies ---------------------------------------------------------------------------------------------------------


def test_a_reply_carries_the_engines_answer_and_its_position() -> None:
    assert json.loads(a_session().reply("c-1", b'{"state":"active"}', "12-0")) == {
        "type": "reply",
        "id": "c-1",
        "ok": {"state": "active"},
        "position": "12-0",
    }


def test_a_refusal_carries_code_detail_and_the_case_as_it_stands() -> None:
    frame = json.loads(a_session().refuse("c-1", Refused("STALE_BATON", "moved on", {"owner": "agent:bo"})))
    assert frame["id"] == "c-1"
    assert frame["error"] == {
        "code": "STALE_BATON",
        "detail": "moved on",
        "retryable": False,
        "current": {"owner": "agent:bo"},
    }


def test_an_unknown_outcome_is_retryable() -> None:
    assert json.loads(a_session().refuse("c-1", OutcomeUnknown("no answer")))["error"]["retryable"] is True


def test_draining_names_the_time_to_come_back() -> None:
    assert json.loads(a_session().draining(700)) == {"type": "draining", "reconnect_after_ms": 700}


# -- anything at all -------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
tags = st.sampled_from([str(shape.__struct_config__.tag) for shape in m.Command.__args__] + ["hello", "fly"])
nearly_commands = st.builds(
    lambda tag, fields: json.dumps({"type": tag} | fields),
    tags,
    st.dictionaries(st.sampled_from(["id", "case", "baton", "queue", "data", "token", "protocol"]), json_values),
)
frames = st.one_of(
    st.text(), st.binary(), nearly_commands, nearly_commands.map(str.encode), json_values.map(json.dumps)
)


@given(st.lists(frames, min_size=1, max_size=8), st.booleans())
def test_no_frame_ever_raises_and_every_frame_is_answered(sequence: list[str | bytes], is_open: bool) -> None:
    session = a_session(is_open=is_open)
    for frame in sequence:
        actions = say(session, frame)
        assert actions
        for action in actions:
            match action:
                case Send(sent):
                    assert set(json.loads(sent)) == {"type", "id", "error"}
                case Close(code, reason):
                    assert code in (BAD_FRAME, WRONG_PROTOCOL, TOO_MANY)
                    assert reason
                case Run(command):
                    assert is_open
                    assert isinstance(command, m.CommandMessage)
                case Authenticate():
                    assert not is_open


def test_a_name_as_long_as_the_frame_does_not_come_back_whole() -> None:
    for frame in (SUBMIT | {"n" * 3000: 1}, SUBMIT | {"type": "t" * 3000}):
        found = refusal(say(a_session(), frame))
        assert found["code"] == "INVALID"
        assert len(found["detail"]) == 501
