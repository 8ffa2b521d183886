import asyncio
import base64
import hashlib
from typing import Any

import pytest
from websockets.frames import Close, Frame, Opcode

from loadtest.generator.websocket import GUID, LOST, WebSocket


class Wire(asyncio.Transport):
    """The far end of a socket: keeps what is written, and ends it as an event loop would."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_over = False

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_over

    def close(self) -> None:
        self.is_over = True

    def abort(self) -> None:
        self.is_over = True


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def opened(self, socket: WebSocket) -> None:  # noqa: ARG002
        self.heard.append("open")

    def received(self, socket: WebSocket, text: bytes) -> None:  # noqa: ARG002
        self.heard.append(text)

    def closed(self, socket: WebSocket, code: int) -> None:  # noqa: ARG002
        self.heard.append(code)


def answer_to(request: bytes) -> bytes:
    key = request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
    return b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"


def opened() -> tuple[WebSocket, Wire, Listener]:
    listener, wire = Listener(), Wire()
    socket = WebSocket(listener, "127.0.0.1:8000", "/v1/load/ws")
    socket.connection_made(wire)
    socket.data_received(answer_to(wire.written))
    wire.written = b""
    return socket, wire, listener


def text(content: bytes) -> bytes:
    return Frame(Opcode.TEXT, content).serialize(mask=False)


def test_it_asks_for_the_upgrade_and_opens_with_the_right_answer_only() -> None:
    listener, wire = Listener(), Wire()
    socket = WebSocket(listener, "127.0.0.1:8000", "/v1/load/ws")
    socket.connection_made(wire)
    assert wire.written.startswith(b"GET /v1/load/ws HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n")
    socket.data_received(answer_to(b"Sec-WebSocket-Key: another\r\n"))
    assert listener.heard == []
    assert wire.is_over


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_a_message_of_any_size_is_read_whole_or_in_pieces(size: int) -> None:
    stream = text(b"a" * size) + text(b"b")
    for piece in (len(stream), 1 if size < 200 else 4096, 3):
        socket, _, listener = opened()
        for begin in range(0, len(stream), piece):
            socket.data_received(stream[begin : begin + piece])
        assert listener.heard == ["open", b"a" * size, b"b"]


def test_what_comes_together_with_the_answer_is_read() -> None:
    listener, wire = Listener(), Wire()
    socket = WebSocket(listener, "127.0.0.1:8000", "/v1/load/ws")
    socket.connection_made(wire)
    stream = answer_to(wire.written) + text(b"hello")
    for begin in range(0, len(stream), 7):
        socket.data_received(stream[begin : begin + 7])
    assert listener.heard == ["open", b"hello"]


def test_what_it_sends_is_masked() -> None:
    socket, wire, _ = opened()
    socket.send(b'{"type":"hello"}')
    head, mask, body = wire.written[:2], wire.written[2:6], wire.written[6:]
    assert head == bytes([0x81, 0x80 | 16])
    assert bytes(byte ^ mask[i % 4] for i, byte in enumerate(body)) == b'{"type":"hello"}'


def test_a_ping_is_answered_with_what_it_says() -> None:
    socket, wire, listener = opened()
    socket.data_received(Frame(Opcode.PING, b"4711").serialize(mask=False))
    assert wire.written[:2] == bytes([0x8A, 0x84])
    assert listener.heard == ["open"]


def test_the_servers_close_code_is_told_once_the_connection_is_gone() -> None:
    socket, wire, listener = opened()
    closing = Frame(Opcode.CLOSE, Close(4000, "too slow").serialize()).serialize(mask=False)
    socket.data_received(closing + text(b"after the end"))
    assert wire.written[:1] == b"\x88"
    assert wire.is_over
    socket.connection_lost(None)
    assert listener.heard == ["open", 4000]


def test_a_connection_that_just_ends_was_lost() -> None:
    socket, _, listener = opened()
    socket.connection_lost(ConnectionResetError())
    assert listener.heard == ["open", LOST]


def test_a_refused_upgrade_tells_the_status() -> None:
    listener, wire = Listener(), Wire()
    socket = WebSocket(listener, "127.0.0.1:8000", "/v1/load/ws")
    socket.connection_made(wire)
    socket.data_received(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n")
    socket.connection_lost(None)
    assert listener.heard == [503]


@pytest.mark.parametrize(
    "frame", [b"\x01\x01a", b"\x82\x01a", b"\x81\x81aaaab", b"\x81\x7f\x00\x00\x00\x01\x00\x00\x00\x00"]
)
def test_a_fragment_binary_masked_or_endless_frame_ends_the_connection(frame: bytes) -> None:
    socket, wire, listener = opened()
    socket.data_received(frame)
    socket.connection_lost(None)
    assert wire.is_over
    assert listener.heard == ["open", 1002]


def test_nothing_is_written_to_a_connection_that_ends() -> None:
    socket, wire, _ = opened()
    wire.abort()
    socket.send(b"{}")
    assert wire.written == b""
