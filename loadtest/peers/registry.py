"""The registry: every peer by name."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from msgspec import Struct

from loadtest.peers import bullmq, calls, postgres, sockets
from loadtest.peers.ratios import Found, Missing
from loadtest.peers.report import Outcome


class Peer(Struct, frozen=True):
    """A peer: `measure(say, rounds=…, **usual)` compares Casebaton with it, or raises Missing."""

    name: str
    says: str
    measure: Callable[..., Coroutine[Any, Any, Found]]
    usual: dict[str, Any]


PEERS = {
    peer.name: peer
    for peer in (
        Peer("bullmq", "lives through the store client over BullMQ's add and process", bullmq.measure, {"lives": 5000}),
        Peer("postgres", "lives over those of a claim loop on PostgreSQL", postgres.measure, {"lives": 3000}),
        Peer("calls", "lives over those of scripts that only make a life's calls", calls.measure, {"lives": 3000}),
        *(
            Peer(
                server,
                f"accept round trips over those of a bare echo under {server}",
                sockets.measure,
                {"server": server, "trips": 4000},
            )
            for server in ("uvicorn", "picows")
        ),
    )
}


async def run(say: Callable[[str], None], peers: Iterable[Peer], *, rounds: int) -> dict[str, Outcome]:
    """Compare with one peer after the other; what is missing here is skipped, and says so."""
    outcomes: dict[str, Outcome] = {}
    for peer in peers:
        say(f"{peer.name}: {peer.says}")
        try:
            outcomes[peer.name] = await peer.measure(say, rounds=rounds, **peer.usual)
        except Missing as missing:
            outcomes[peer.name] = missing
            say(f"skipped: {missing}")
    return outcomes
