"""PostgreSQL: the claim loop that a team would write before it looks for a dispatch server."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from casebaton.store.embedded import EmbeddedServer
from loadtest.peers.desks import open_desks
from loadtest.peers.engine import engines
from loadtest.peers.postgres.claims import open_claims
from loadtest.peers.postgres.server import run_postgres, versions
from loadtest.peers.ratios import Found, alternate, ratio

CLASSES = 5
OVER_SOCKETS = 2.5  # times the claim loop's lives a second, which has no sockets


async def measure(say: Callable[[str], None], *, rounds: int, lives: int) -> Found:
    """Casebaton's lives over the claim loop's, through the store client and over sockets; all of it durable."""
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        where = Path(directory)
        async with (
            run_postgres() as socket,
            open_claims(socket, classes=CLASSES) as claims,
            EmbeddedServer(where / "engine") as server,
            engines(server.url, CLASSES) as (engine,),
            open_desks(where / "node", classes=CLASSES) as desks,
        ):
            sides = {
                "postgres": partial(claims.lives_per_second, lives),
                "engine": partial(engine.lives_per_second, lives),
                "sockets": partial(desks.lives_per_second, lives),
            }
            rows = await alternate(say, sides, rounds)
            found = await versions(socket)
    ratios = {
        "engine": ratio(rows, "engine", "postgres"),
        "sockets": ratio(rows, "sockets", "postgres", least=OVER_SOCKETS),
    }
    return Found(ratios, found)
