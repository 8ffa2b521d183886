"""Begins a board with what the log has of the last hour, so that its figures do not begin with whoever looks."""

import asyncio

from casebaton.node.board import Board
from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.figures import KEPT, MINUTE_MS
from casebaton.store.overview_events import read_event
from casebaton.wire.session import order_of

MOST = 50_000  # entries: half a second of the node's time
AT_ONCE = 64  # entries taken in in a turn of the event loop


async def read(store: StoreClient, workspace: str, position: str, board: Board, now_ms: int) -> None:
    """Take in whole minutes up to this position; `board.figures.since_ms` says from which on.

    Raises Unavailable, or msgspec.DecodeError.
    """
    hour_ms = now_ms - now_ms % MINUTE_MS - (KEPT - 1) * MINUTE_MS
    begin_ms = await log.begin_of(store.redis, workspace, hour_ms, now_ms, MOST)
    board.figures.since_ms = -(-begin_ms // MINUTE_MS) * MINUTE_MS
    last, count = order_of(position), 0
    async for entry in log.read_after(store.redis, workspace, log.just_before(board.figures.since_ms)):
        if order_of(entry.position) > last:
            break
        board.take(read_event(entry), entry)
        count += 1
        if count % AT_ONCE == 0:
            await asyncio.sleep(0)  # others have a turn after so many entries
