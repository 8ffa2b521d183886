"""A node in a process of its own, to be killed: `python -m tests.node.victim REDIS_URL` prints its port."""

import asyncio
import sys

from tests.node.world import run_node


async def main(redis_url: str) -> None:
    """Serve until killed."""
    async with run_node(redis_url, lease_ms=2000) as node:
        print(node.server.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
