"""Uvicorn's protocols with the limits that they lack: on the time and the size in which a request arrives, and on what
a websocket's client may send that is no message.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from casebaton.wire.session import TOO_MANY

HEAD_BYTES = 65536
SPARE_FRAMES = 1000  # a second, and at once
CUT_OFF_S = 10.0
TEXT = 0x81  # the last, and only, fragment of a text


class HttpProtocol(HttpToolsProtocol):
    """HTTP whose requests arrive, head and body, within `timeout_keep_alive`, or their connection ends.

    Uvicorn by itself waits for ever for the rest of a request, and for the first one of a connection; and its parser
    keeps a head however long it is.
    """

    _arrival: asyncio.TimerHandle
    _head_bytes = 0
    _is_in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Expect a request."""
        super().connection_made(transport)
        self._arrival = self._expect_end()

    def _expect_end(self) -> asyncio.TimerHandle:
        return self.loop.call_later(self.timeout_keep_alive, self.transport.close)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head is too long already."""
        if self._head_bytes > HEAD_BYTES:
            self.send_400_response("The request's head is too long.")
            return
        if self._is_in_head:
            self._head_bytes += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request's first byte has come."""
        super().on_message_begin()
        self._arrival.cancel()
        self._arrival = self._expect_end()

    def on_headers_complete(self) -> None:
        """What follows is the body."""
        self._is_in_head, self._head_bytes = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request's last byte has come."""
        self._is_in_head = True
        self._arrival.cancel()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._arrival.cancel()
        super().connection_lost(exc)


def text_head(size: int) -> bytes:
    """The head of a server's unfragmented, uncompressed text frame (RFC 6455, 5.2)."""
    if size < 126:
        return bytes((TEXT, size))
    if size < 1 << 16:
        return bytes((TEXT, 126)) + size.to_bytes(2)
    return bytes((TEXT, 127)) + size.to_bytes(8)


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A websocket that ends when its client sends too many frames of which no message comes.

    After each message uvicorn stops reading until the gateway has taken it. Pings, pongs and parts of messages do not
    pass there: they would keep the node busy, and the pings of a client that does not read would fill its memory.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._spare = float(SPARE_FRAMES)
        self._spare_at = self._heard_at = self.loop.time()

    def data_received(self, data: bytes) -> None:
        """Note that the client lives, and read on."""
        self._heard_at = self.loop.time()
        super().data_received(data)

    def keepalive_timeout(self) -> None:
        """Give a client up that was silent for as long as an answer may take.

        Uvicorn asks for the pong alone. That of a client which has sent more than the node can take stands behind all
        that was sent before.
        """
        assert self.ping_timeout is not None
        left_s = self._heard_at + self.ping_timeout - self.loop.time()
        if left_s > 0:
            self.pong_timer = self.loop.call_later(left_s, self.keepalive_timeout)
        else:
            super().keepalive_timeout()

    async def send(self, message: Any) -> None:
        """Send an ASGI message; beside those, several text messages at once: bytes under `frames`.

        They go out in one system call, and their bytes are not copied through text. Raises ClientDisconnected.
        """
        frames = message.get("frames")
        if frames is None:
            await super().send(message)
            return
        await self.writable.wait()
        if self.disconnected or self.close_sent or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        self.transport.write(b"".join(part for frame in frames for part in (text_head(len(frame)), frame)))

    def handle_ping(self) -> None:
        """Send the pong, which is made already."""
        if self._spend():
            super().handle_ping()

    def handle_pong(self, event: Any) -> None:
        """Note that the client lives."""
        if self._spend():
            super().handle_pong(event)

    def handle_cont(self, event: Any) -> None:
        """Add a part to the message."""
        if self._spend():
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Hand a message to the gateway; once that has closed, nobody takes it, and nothing stops the reading."""
        if not self.close_sent or self._spend():
            super().send_receive_event_to_app()

    def _spend(self) -> bool:
        """Take one frame out of a bucket; without one the connection ends."""
        now = self.loop.time()
        self._spare = min(float(SPARE_FRAMES), self._spare + (now - self._spare_at) * SPARE_FRAMES)
        self._spare_at = now
        if self._spare >= 1:
            self._spare -= 1
            return True
        if self.close_sent:
            self.transport.close()
        elif not self.transport.is_closing():
            self.conn.fail(TOO_MANY, "too many frames without a message")
            self.handle_parser_exception()  # as after any other frame that breaks the rules
        return False

    async def run_asgi(self) -> None:
        """Serve the connection. A client that does not read its end is cut off: closing alone waits until it has."""
        await super().run_asgi()
        self.loop.call_later(CUT_OFF_S, self.transport.abort)
