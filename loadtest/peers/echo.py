"""A bare websocket echo, as a process: `python -m loadtest.peers.echo uvicorn`.

Prints its port once it listens, and ends when its stdin does. The one under uvicorn has the node's own protocol class,
loop and options, and no Starlette, session or log behind it; the other one is picows as its documentation has it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
import uvloop

from casebaton.node.protocols import WebSocketProtocol
from casebaton.node.serve import listen

HOST = "127.0.0.1"

Message = MutableMapping[str, Any]


async def echo(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The whole application."""
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


async def run_uvicorn() -> None:
    """Serve until stdin ends."""
    with listen(HOST, 0) as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                echo,
                loop="uvloop",
                ws=WebSocketProtocol,
                ws_per_message_deflate=False,
                lifespan="off",
                access_log=False,
                log_config=None,
            )
        )
        serving = asyncio.create_task(server.serve([listening]))
        announce(listening.getsockname()[1])
        await at_end_of_stdin()
        server.should_exit = True
        await serving


async def run_picows() -> None:
    """Serve until stdin ends."""
    import picows  # not installed by `make setup`

    class Echo(picows.WSListener):  # type: ignore[misc]  # its types are not known here
        def on_ws_frame(self, transport: Any, frame: Any) -> None:
            transport.send(frame.msg_type, frame.get_payload_as_bytes())

    server = await picows.ws_create_server(lambda _: Echo(), HOST, 0)
    announce(server.sockets[0].getsockname()[1])
    await at_end_of_stdin()
    server.close()


def announce(port: int) -> None:
    """Say where it listens."""
    print(port, flush=True)  # the answer


async def at_end_of_stdin() -> None:
    """Return when whoever started this process is gone, or has no more use for it."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


SERVERS = {"uvicorn": run_uvicorn, "picows": run_picows}

if __name__ == "__main__":
    uvloop.run(SERVERS[sys.argv[1]]())
