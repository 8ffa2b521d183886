"""What a client may do to a connection before it is a request or a message."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from casebaton.node.protocols import HEAD_BYTES, SPARE_FRAMES, WebSocketProtocol, text_head
from casebaton.store.client import StoreClient
from casebaton.wire.session import INTERNAL_ERROR, TOO_MANY
from tests.node.world import WITHIN_S, RunningNode, Socket, run_node
from tests.proxy import Proxy

FRAGMENT = ""


class Line:
    """A TCP connection without a protocol."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, text: str | bytes) -> None:
        """Send what may be no whole request."""
        self._writer.write(text.encode() if isinstance(text, str) else text)
        await self._writer.drain()

    async def received(self) -> str:
        """Everything that comes until the other side ends it."""
        async with asyncio.timeout(WITHIN_S):
            return (await self._reader.read()).decode()


@asynccontextmanager
async def a_line(node: RunningNode, text: str = "") -> AsyncIterator[Line]:
    """A connection on which so much was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", node.server.port)
    try:
        line = Line(reader, writer)
        await line.send(text)
        yield line
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 1 << 20])
def test_a_frame_of_any_size_has_the_head_that_the_library_writes(size: int) -> None:
    text = b"x" * size
    assert text_head(size) + text == Frame(Opcode.TEXT, text).serialize(mask=False)


@pytest_asyncio.fixture
async def hasty(store: StoreClient) -> AsyncIterator[RunningNode]:
    """A node that waits a second for a request."""
    async with run_node(store.url, request_timeout_s=1) as node:
        yield node


def head(node: RunningNode, request: str = "POST /v1/acme/cases", **headers: str) -> str:
    fields = {"Host": "x", "Authorization": f"Bearer {node.token('producer', 'crm')}", "Idempotency-Key": "k-1"}
    lines = [f"{name}: {value}" for name, value in (fields | headers).items()]
    return "\r\n".join([f"{request} HTTP/1.1", *lines, "", ""])


# -- requests that do not arrive -------------------------------------------------------------------------------------


async def test_a_connection_without_a_request_ends(hasty: RunningNode) -> None:
    async with a_line(hasty) as line:
        assert await line.received() == ""


async def test_a_head_that_does_not_end_ends_its_connection(hasty: RunningNode) -> None:
    async with a_line(hasty, "GET /livez HTTP/1.1\r\nHost: x\r\nX-") as line:
        assert await line.received() == ""


async def test_a_second_head_that_does_not_end_ends_its_connection(hasty: RunningNode) -> None:
    async with a_line(hasty, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HT") as line:
        assert (await line.received()).count("HTTP/1.1 200 OK") == 1


@pytest.mark.parametrize("start", ["1\r\n{\r\n", "1\r\n", ""])
async def test_a_body_that_does_not_end_ends_its_connection(
    hasty: RunningNode, start: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_line(hasty, head(hasty, **{"Transfer-Encoding": "chunked"}) + start) as line:
        assert await line.received() == ""
    assert "Exception" not in caplog.text


async def test_a_body_that_nobody_reads_does_not_keep_its_connection(hasty: RunningNode) -> None:
    async with a_line(hasty, head(hasty, Authorization="none", **{"Content-Length": "9"})) as line:
        assert (await line.received()).startswith("HTTP/1.1 401 ")


async def test_a_head_that_grows_and_grows_is_refused(hasty: RunningNode) -> None:
    async with a_line(hasty, "GET /livez HTTP/1.1\r\nX: ") as line:
        with suppress(ConnectionError):
            for _ in range(HEAD_BYTES // 1024 * 8):
                await line.send("x" * 1024)
        with suppress(ConnectionError):  # it did not read what was still on its way
            assert (await line.received()).startswith("HTTP/1.1 400 ")
        await asyncio.wait_for(until_no_lines(hasty), WITHIN_S)


async def until_no_lines(node: RunningNode) -> None:
    """Wait until the server has no socket left."""
    while node.server.server_state.connections:  # noqa: ASYNC110  # what is waited for sets no event here
        await asyncio.sleep(0.01)


async def test_a_request_that_has_arrived_may_wait_for_its_answer(store: StoreClient) -> None:
    async with Proxy(store.url) as link, run_node(link.url, request_timeout_s=1) as node:
        body = '{"queue": "pool", "subject": "Printer"}'
        request = head(node, Connection="close", **{"Content-Length": str(len(body))}) + body
        async with a_line(node) as line:
            async with link.holding_replies() as held:
                await line.send(request)
                await held.wait()
                for _ in range(2):
                    async with a_line(node) as idle:
                        assert await idle.received() == ""  # a second has passed
            assert "HTTP/1.1 201 " in await line.received()


async def test_a_socket_lives_longer_than_a_request_may_take(hasty: RunningNode) -> None:
    async with hasty.signed_in("agent", "ana") as ana, a_line(hasty) as idle:
        assert await idle.received() == ""
        async with a_line(hasty) as another:
            assert await another.received() == ""
        assert "ok" in await ana.command("set_status", status="busy")


# -- silence ---------------------------------------------------------------------------------------------------------


async def test_a_client_lives_while_it_is_heard_though_its_pong_is_not(node: RunningNode) -> None:
    """As with the pong that stands behind more commands than the node can take."""
    async with node.signed_in("agent", "ana") as ana:
        (protocol,) = node.server.server_state.connections
        assert isinstance(protocol, WebSocketProtocol)
        protocol.keepalive_timeout()
        assert "ok" in await ana.command("set_status", status="busy")
        assert protocol.ping_timeout is not None
        protocol._heard_at -= protocol.ping_timeout
        protocol.keepalive_timeout()
        async with asyncio.timeout(WITHIN_S):
            await ana.raw.wait_closed()
        assert ana.raw.close_code == INTERNAL_ERROR


# -- frames without a message ----------------------------------------------------------------------------------------


async def ping(socket: Socket, count: int) -> None:
    for _ in range(count):
        await socket.raw.ping()


async def pong(socket: Socket, count: int) -> None:
    for _ in range(count):
        await socket.raw.pong()


async def fragments(socket: Socket, count: int) -> None:
    await socket.raw.send([FRAGMENT] * count)


FLOODS = [ping, pong, fragments]


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.parametrize("has_said_hello", [False, True])
async def test_a_flood_of_frames_without_a_message_ends_the_connection(
    node: RunningNode, flood: Callable[[Socket, int], Awaitable[None]], has_said_hello: bool
) -> None:
    async with node.socket() as socket:
        if has_said_hello:
            await socket.hello(node.token("agent", "ana"))
        with suppress(ConnectionClosed):
            await flood(socket, SPARE_FRAMES * 20)
        async with asyncio.timeout(WITHIN_S):
            await socket.raw.wait_closed()
        # 1006: frames were still on their way when the node closed, so that the client's TCP never saw the reason.
        assert socket.raw.close_code in (TOO_MANY, 1006)


@pytest.mark.parametrize("flood", FLOODS)
async def test_as_many_as_anybody_needs_are_no_flood(
    node: RunningNode, flood: Callable[[Socket, int], Awaitable[None]]
) -> None:
    async with node.signed_in("agent", "ana") as ana:
        await flood(ana, SPARE_FRAMES // 2)
        if flood is fragments:
            assert (await ana.receive())["error"]["code"] == "NOT_JSON"
        else:
            assert "ok" in await ana.command("set_status", status="busy")


async def test_who_goes_on_sending_after_the_end_is_cut_off(node: RunningNode) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    request = head(node, "GET /v1/acme/ws", **upgrade, **{"Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg=="})
    async with a_line(node, request) as line:
        empty_text = b"\x81\x80\0\0\0\0"  # is not JSON: the first one ends the connection

        async def go_on() -> None:
            for _ in range(1000):
                await line.send(empty_text * SPARE_FRAMES)

        with pytest.raises(ConnectionError):
            await go_on()
