"""The client's side of a websocket, as little as thousands of them in one process may cost.

RFC 6455 as far as this protocol goes: text frames both ways, pings answered, a close returned. No extensions; the
server sends each message in one frame, and a fragment ends the connection like any other fault.
"""

import asyncio
import base64
import hashlib
import os
from typing import Protocol

from websockets.frames import Close, Frame, Opcode

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
PROTOCOL_ERROR = 1002
LOST = 1006
TOO_LARGE = 4 * 1024 * 1024
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A  # the first byte of a whole, unfragmented frame


class Listener(Protocol):
    """Who is told what a socket does. None of it waits."""

    def opened(self, socket: "WebSocket") -> None:
        """Hear that text can be sent."""

    def received(self, socket: "WebSocket", text: bytes) -> None:
        """Take a message."""

    def closed(self, socket: "WebSocket", code: int) -> None:
        """Hear once of the end: the server's close code, the HTTP status by which it refused, or `LOST`."""


class WebSocket(asyncio.Protocol):
    """One socket, from its TCP connection on."""

    __slots__ = ("_code", "_host", "_is_open", "_key", "_listener", "_path", "_rest", "_transport")

    def __init__(self, listener: Listener, host: str, path: str) -> None:
        self._listener = listener
        self._host = host
        self._path = path
        self._key = base64.b64encode(os.urandom(16))
        self._rest = b""
        self._is_open = False
        self._code = LOST
        self._transport: asyncio.Transport | None = None

    # -- what the event loop says ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # of TCP, always
        """Ask for the upgrade."""
        self._transport = transport
        transport.write(
            b"GET %b HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: 13\r\n\r\n"
            % (self._path.encode(), self._host.encode(), self._key)
        )

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the code says it
        """Tell the listener."""
        self._listener.closed(self, self._code)

    def data_received(self, data: bytes) -> None:
        """Read what is whole; keep the rest."""
        if self._rest:
            data = self._rest + data
        self._rest = b""
        offset = 0 if self._is_open else self._read_answer(data)
        while (end := self._read_frame(data, offset)) > offset:
            offset = end
        if offset < len(data):
            self._rest = data[offset:]

    # -- what it does with it ----------------------------------------------------------------------------------------

    def _read_answer(self, data: bytes) -> int:
        """The server's answer to the upgrade: where the first frame begins, or 0 as long as it is not whole."""
        head, end, _ = data.partition(b"\r\n\r\n")
        if not end:
            return 0
        status, *headers = head.split(b"\r\n")
        if not status.startswith(b"HTTP/1.1 101"):
            self._end(int(status.split()[1]))
            return len(data)
        said = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in headers)}
        if said.get(b"sec-websocket-accept") != base64.b64encode(hashlib.sha1(self._key + GUID).digest()):
            self._end(LOST)
            return len(data)
        self._is_open = True
        self._listener.opened(self)
        return len(head) + len(end)

    def _read_frame(self, data: bytes, offset: int) -> int:
        """One frame at the offset: where it ends, or the offset again when it is not whole or nothing is open."""
        begin = offset + 2
        if not self._is_open or len(data) < begin:
            return offset
        first, size = data[offset], data[offset + 1]
        if first not in (TEXT, CLOSE, PING, PONG) or size >= 128:  # a fragment, binary, or masked
            self._end(PROTOCOL_ERROR)
            return offset
        if size >= 126:
            begin += 2 if size == 126 else 8
            if len(data) < begin:
                return offset
            size = int.from_bytes(data[offset + 2 : begin], "big")
        end = begin + size
        if size > TOO_LARGE:
            self._end(PROTOCOL_ERROR)
            return offset
        if len(data) < end:
            return offset
        if first == TEXT:
            self._listener.received(self, data[begin:end])
        elif first == PING:
            self._write(Frame(Opcode.PONG, data[begin:end]))
        elif first == CLOSE:
            self._code = int.from_bytes(data[begin : begin + 2], "big") if size >= 2 else 1005
            self._write(Frame(Opcode.CLOSE, data[begin:end]))
            self._end(self._code)
        return end

    def _write(self, frame: Frame) -> None:
        assert self._transport is not None
        if not self._transport.is_closing():  # the loss has not been told yet; what is written now is lost with it
            self._transport.write(frame.serialize(mask=True))

    def _end(self, code: int) -> None:
        assert self._transport is not None
        self._is_open = False
        self._code = code
        self._transport.close()

    # -- what its user does ------------------------------------------------------------------------------------------

    def send(self, text: bytes) -> None:
        """Send a message; what the kernel does not take yet waits in this process."""
        self._write(Frame(Opcode.TEXT, text))

    def close(self) -> None:
        """Say goodbye and end the connection."""
        if self._is_open:
            self._write(Frame(Opcode.CLOSE, Close(1000, "").serialize()))
            self._end(1000)

    def abort(self) -> None:
        """End the connection at once, without a word."""
        if self._transport is not None:
            self._is_open = False
            self._transport.abort()

    def stop_reading(self) -> None:
        """Leave unread what comes from now on."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def read_on(self) -> None:
        """Read again."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
