"""A process that writes histories for `history_kill`: `python -m loadtest.history_writer REDIS_URL DATA_DIR`.

It is that of `casebaton history`, but takes over after half a second of silence instead of ten: fifty takeovers are
waited for. Its first line is the name by which `progress` knows it. `CASEBATON_HISTORY_URL` says where the history is.
"""

import asyncio
import signal
import sys

from casebaton import logs, tasks
from casebaton.history import database
from casebaton.history.claims import Claims
from casebaton.history.process import History
from casebaton.settings import load
from casebaton.store.client import StoreClient

SILENT_AFTER_S = 0.5
LOOK_EVERY_S = 0.1


async def _write(redis_url: str, data_dir: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    url = database.find(load({"data_dir": data_dir}))
    assert url is not None
    engine, store = database.open_engine(url, is_writer=True), StoreClient(redis_url)
    claims = Claims(engine, silent_after_s=SILENT_AFTER_S)
    sys.stdout.write(claims.writer + "\n")
    sys.stdout.flush()
    try:
        await store.load()
        await History(store, engine, claims=claims, look_every_s=LOOK_EVERY_S).run(stop)
    finally:
        await store.close()
        engine.dispose()


if __name__ == "__main__":
    logs.configure("error")
    tasks.run(_write(*sys.argv[1:]))
