"""A peer's process: asked a line, answers a line, and ends with the block."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

STOP_WITHIN_S = 10.0


class ChildFailed(Exception):
    """The process ended, or was silent for too long; the text is its command, and its exit code if it has one."""


class Child:
    """One process; what it complains of goes to our own stderr."""

    def __init__(self, process: asyncio.subprocess.Process, command: str) -> None:
        self._process = process
        self._command = command

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def check(self) -> None:
        """See that it still runs. Raises ChildFailed."""
        if self._process.returncode is not None:
            raise ChildFailed(f"{self._command}: ended with {self._process.returncode}")

    async def line(self, *, within_s: float) -> str:
        """What it says next. Raises ChildFailed."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(within_s):
                said = await self._process.stdout.readline()
        except TimeoutError as error:
            raise ChildFailed(f"{self._command}: silent for {within_s:g} s") from error
        if not said:
            raise ChildFailed(f"{self._command}: ended with {await self._process.wait()}")
        return said.decode().rstrip()

    async def ask(self, line: str, *, within_s: float) -> str:
        """Say a line, and hear the answer. Raises ChildFailed."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        return await self.line(within_s=within_s)


@asynccontextmanager
async def child(*command: str, stop: signal.Signals = signal.SIGTERM) -> AsyncIterator[Child]:
    """The process for as long as the block runs: `stop` at its end, SIGKILL when that is not enough.

    Should this process be killed, the child's stdin ends: it has to end then.
    """
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Child(process, command[0])
    finally:
        await _end(process, stop)


async def _end(process: asyncio.subprocess.Process, stop: signal.Signals) -> None:
    if process.returncode is not None:
        return
    process.send_signal(stop)
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
