"""A PostgreSQL of our own: in a temporary directory, on a unix socket, and gone with the block."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from loadtest.peers.child import child
from loadtest.peers.ratios import Missing

DEBIAN = Path("/usr/lib/postgresql")
USER = "postgres"
START_WITHIN_S = 30.0
# As durable as `always`: `fsync`, `synchronous_commit` and `full_page_writes` stay on. The rest is for speed:
# no checkpoint while we measure, no log for replicas, plans made once; `open_datasync` puts what is committed on the
# disk in one system call instead of two.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "wal_sync_method": "open_datasync",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "log_min_messages": "fatal",
}


def driver() -> Any:
    """The module asyncpg. Raises Missing."""
    try:
        import asyncpg  # only who has it can be measured
    except ImportError as error:
        raise Missing("there is no asyncpg: pip install --require-hashes -r requirements-peers.txt") from error
    return asyncpg


def binaries() -> Path:
    """Where `initdb` and `postgres` are: the newest of Debian's, else on PATH. Raises Missing."""
    versions = sorted(DEBIAN.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    found = shutil.which("postgres")
    if not versions and found is None:
        raise Missing("there is no PostgreSQL: apt-get install postgresql")
    return versions[-1].parent if versions else Path(str(found)).resolve().parent


def _as_user() -> list[str]:
    """The words before a command by which it ends with this process, and runs as somebody who is not root."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Missing("there is no setpriv: it is part of util-linux")
    drop = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if os.geteuid() == 0 else []
    return [setpriv, "--pdeathsig=INT", *drop]


@asynccontextmanager
async def run_postgres() -> AsyncIterator[str]:
    """The directory of its socket, for as long as the block runs. Raises Missing."""
    asyncpg, bin_dir, as_user = driver(), binaries(), _as_user()
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        if os.geteuid() == 0:
            try:
                shutil.chown(directory, USER, USER)
            except LookupError as error:
                raise Missing(f"there is no user {USER}, and PostgreSQL refuses to run as root") from error
        data = f"{directory}/data"
        init = [*as_user, str(bin_dir / "initdb"), "-D", data, "-U", USER, "-A", "trust", "--locale=C", "-E", "UTF8"]
        await asyncio.to_thread(subprocess.run, init, stdout=subprocess.DEVNULL, check=True)
        settings = {**SETTINGS, "unix_socket_directories": directory}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*as_user, str(bin_dir / "postgres"), "-D", data, *options]
        async with child(*command, stop=signal.SIGINT) as process:  # SIGTERM would wait for its clients to go
            async with asyncio.timeout(START_WITHIN_S):
                while not await _is_ready(asyncpg, directory):
                    process.check()
                    await asyncio.sleep(0.05)
            yield directory


async def connect(directory: str) -> Any:
    """One connection."""
    return await driver().connect(host=directory, user=USER, database=USER)


async def versions(directory: str) -> dict[str, str]:
    """What is measured."""
    connection = await connect(directory)
    server = await connection.fetchval("SHOW server_version")
    await connection.close()
    return {"postgresql": server, "asyncpg": driver().__version__}


async def _is_ready(asyncpg: Any, directory: str) -> bool:
    try:
        connection = await connect(directory)
    except (OSError, asyncpg.CannotConnectNowError):
        return False
    await connection.close()
    return True
