"""The generator's clients, frame by frame, without a socket."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest

from loadtest.generator.client import Entrance
from loadtest.generator.people import AgentClient, ProducerClient, WatcherClient, case_id, due_at
from loadtest.generator.recorder import Recorder
from loadtest.generator.websocket import LOST, WebSocket
from loadtest.scenario import Agents

NOBODY = Entrance(["http://127.0.0.1:1"], "127.0.0.1")


class Socket:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.is_aborted = False
        self.is_read = True

    def send(self, text: bytes) -> None:
        self.sent.append(json.loads(text))

    def abort(self) -> None:
        self.is_aborted = True

    def stop_reading(self) -> None:
        self.is_read = False

    def read_on(self) -> None:
        self.is_read = True


class Desk:
    """An agent at a server that says what the test says."""

    def __init__(self, **habits: Any) -> None:
        self.completed = 0
        self.recorder = Recorder(0.0, 1e9)
        self.recorder.begin_at = 0.0
        self.client = AgentClient(
            NOBODY,
            self.recorder,
            Random(1),
            workspace="w",
            token="t",
            node=0,
            name="ana",
            habits=Agents(**habits),
            on_completed=self._count,
        )
        self.socket = Socket()
        self._seq = 0

    def _count(self) -> None:
        self.completed += 1

    def open(self) -> None:
        self.socket = Socket()
        self._seq = 0
        self.client.opened(cast("WebSocket", self.socket))

    def say(self, **frame: Any) -> None:
        self.client.received(cast("WebSocket", self.socket), json.dumps(frame).encode())

    def welcome(
        self, *, status: str = "online", offers: list[Any] | None = None, desk: list[Any] | None = None
    ) -> None:
        snapshot = {"agent": {"status": status}, "offers": offers or [], "desk": desk or []}
        self.say(type="welcome", snapshot=snapshot)

    def event(self, **event: Any) -> None:
        self._seq += 1
        self.say(seq=self._seq, **event)

    def offer(self, case: str = "c0.1-5", baton: str = "b1") -> None:
        self.event(type="case_offered", case=case, baton=baton, agent="ana", revision=2)

    def accept(self, baton: str = "b2") -> None:
        self.say(type="reply", id=self.socket.sent[-1]["id"], ok={"case": "c0.1-5", "state": "active", "baton": baton})

    def lose(self) -> None:
        self.client.closed(cast("WebSocket", self.socket), LOST)


@pytest.fixture
async def desk() -> Desk:
    found = Desk()
    found.open()
    found.welcome()
    return found


def test_a_cases_id_tells_when_it_was_due() -> None:
    assert due_at(case_id(3, 17, 1234.567891)) == pytest.approx(1234.567891, abs=1e-6)
    assert due_at("b17") is None


async def test_it_says_hello_and_goes_online_once_it_is_welcome() -> None:
    desk = Desk()
    desk.open()
    assert desk.socket.sent == [{"type": "hello", "token": "t", "protocol": 1}]
    desk.welcome(status="offline")
    assert desk.socket.sent[1] == {"type": "set_status", "id": "1", "status": "online"}
    assert not desk.client.is_online
    desk.say(type="reply", id="1", ok={})
    assert desk.client.is_online


async def test_it_accepts_what_rings_and_completes_it_with_the_newer_baton(desk: Desk) -> None:
    desk.offer()
    assert desk.socket.sent[-1] == {"type": "accept_case", "id": "1", "case": "c0.1-5", "baton": "b1"}
    desk.accept()
    assert desk.socket.sent[-1] == {"type": "complete_case", "id": "2", "case": "c0.1-5", "baton": "b2"}
    desk.say(type="reply", id="2", ok={"case": "c0.1-5"})
    assert desk.completed == 1
    assert desk.recorder.rows == [
        ("accept", "c0.1-5", "b1", "acknowledged"),
        ("complete", "c0.1-5", "b2", "acknowledged"),
    ]
    assert desk.recorder.seen == {"b1"}
    assert {"offer", "accept", "complete", "life"} <= desk.recorder.measured().histograms.keys()


async def test_only_the_first_offer_of_a_case_and_none_of_the_backlog_is_timed(desk: Desk) -> None:
    desk.offer(case="b1", baton="b1")
    desk.event(type="case_offered", case="c0.1-5", baton="b9", agent="ana", revision=4)
    assert "offer" not in desk.recorder.measured().histograms
    assert desk.recorder.counts["offered"] == 2


async def test_an_offer_to_somebody_else_is_not_answered(desk: Desk) -> None:
    desk.event(type="case_offered", case="c0.1-5", baton="b1", agent="bo", revision=2)
    assert len(desk.socket.sent) == 1


async def test_it_declines_as_often_as_it_should() -> None:
    desk = Desk(decline=1.0)
    desk.open()
    desk.welcome()
    desk.offer()
    assert desk.socket.sent[-1]["type"] == "decline_case"


async def test_what_was_not_answered_is_asked_again_under_its_id(desk: Desk) -> None:
    desk.offer()
    asked = desk.socket.sent[-1]
    desk.lose()
    desk.open()
    desk.welcome(offers=[{"case": "c0.1-5", "baton": "b1"}])
    assert desk.socket.sent[1:] == [asked]
    assert desk.recorder.rows == [("accept", "c0.1-5", "b1", "unknown")]
    desk.accept()
    assert desk.socket.sent[-1]["type"] == "complete_case"


async def test_it_goes_on_from_the_snapshot(desk: Desk) -> None:
    desk.lose()
    desk.open()
    desk.welcome(
        offers=[{"case": "c0.2-5", "baton": "b3"}], desk=[{"case": "c0.1-5", "state": "active", "baton": "b2"}]
    )
    sent = [(frame["type"], frame["case"], frame["baton"]) for frame in desk.socket.sent[1:]]
    assert sent == [("accept_case", "c0.2-5", "b3"), ("complete_case", "c0.1-5", "b2")]
    assert desk.recorder.counts["back"] == 1


async def test_whoever_loses_its_socket_while_it_does_not_read_was_cut_off(desk: Desk) -> None:
    desk.client.stop_reading(60)
    assert not desk.socket.is_read
    desk.lose()
    desk.open()
    desk.welcome()
    desk.lose()
    assert desk.recorder.counts["cut_off"] == 1


async def test_a_gap_in_the_numbers_ends_the_socket(desk: Desk) -> None:
    desk.say(type="queue_empty", seq=2)
    assert desk.socket.is_aborted
    assert desk.recorder.counts["seq_gaps"] == 1


async def test_a_refusal_for_good_is_noted_and_not_repeated(desk: Desk) -> None:
    desk.offer()
    desk.say(type="reply", id="1", error={"code": "STALE_BATON", "detail": "", "retryable": False})
    assert desk.recorder.rows == [("accept", "c0.1-5", "b1", "refused")]
    assert desk.recorder.counts["refused:STALE_BATON"] == 1
    assert not desk.client.is_asking("c0.1-5")
    desk.offer(baton="b5")
    assert desk.socket.sent[-1]["baton"] == "b5"


async def test_an_unknown_outcome_is_no_refusal_and_is_asked_again(desk: Desk) -> None:
    desk.offer()
    desk.say(type="reply", id="1", error={"code": "OUTCOME_UNKNOWN", "detail": "", "retryable": True})
    assert desk.recorder.rows == [("accept", "c0.1-5", "b1", "unknown")]
    assert desk.client.is_asking("c0.1-5")


async def test_a_status_that_the_server_chose_is_changed_back(desk: Desk) -> None:
    desk.event(type="agent_status_changed", agent="ana", status="not_responding")
    assert desk.socket.sent[-1]["type"] == "set_status"


async def test_whoever_leaves_answers_nothing_more(desk: Desk) -> None:
    desk.offer()
    close: Callable[[], None] = lambda: None  # noqa: E731
    desk.socket.close = close  # type: ignore[attr-defined]
    desk.client.leave()
    assert desk.recorder.rows == [("accept", "c0.1-5", "b1", "unknown")]


async def test_a_producer_submits_under_ids_of_its_own_and_a_watcher_watches_every_queue() -> None:
    recorder = Recorder(0.0, 1e9)
    producer = ProducerClient(NOBODY, recorder, Random(1), workspace="w", token="t", node=0)
    watcher = WatcherClient(NOBODY, recorder, Random(1), workspace="w", token="t", node=0, queues=["a", "b"])
    sockets = []
    for client in (producer, watcher):
        sockets.append(Socket())
        client.opened(cast("WebSocket", sockets[-1]))
        client.received(cast("WebSocket", sockets[-1]), b'{"type":"welcome","snapshot":{}}')
    producer.submit("c0.1-5", "a", 0.000005)
    producer.submit("c0.2-6", "b", 0.000006)
    submits = sockets[0].sent[1:]
    assert [(frame["id"], frame["case"], frame["queue"]) for frame in submits] == [
        ("1", "c0.1-5", "a"),
        ("2", "c0.2-6", "b"),
    ]
    assert [frame["queue"] for frame in sockets[1].sent[1:]] == ["a", "b"]
    assert recorder.counts["sent"] == 2
