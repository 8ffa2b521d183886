"""Reports are answered by a process of its own, so that no case waits while rows are counted.

It is started when somebody asks, answers one question after the other, and is ended when nobody has asked for a while,
when an answer takes too long, or when nobody waits for it any more: so a query that was given up does not go on.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from functools import partial

import msgspec

from casebaton.auth import Identity
from casebaton.errors import CasebatonError, Invalid, Unavailable
from casebaton.reports.asked import LENGTH_BYTES, Ask, Told, Within, frame
from casebaton.settings import NO_HISTORY, Settings
from casebaton.store.client import Answer
from casebaton.wire import messages as m

ANSWER_WITHIN_S = 60.0
IDLE_S = 300.0
MOST_WAITING = 16
LARGEST_REPLY = 2 * 1024 * 1024  # of a command: clients take frames of twice that
KINDS: dict[str, Callable[[str], CasebatonError]] = {"UNAVAILABLE": Unavailable, "INVALID": Invalid}


def asked_by(identity: Identity, command: m.ReadReport | m.ReadLife) -> Ask:
    """What a command asks, within the sender's scope."""
    scope = identity.scope
    asked = Ask(
        workspace=identity.workspace,
        now_ms=round(time.time() * 1000),
        within=None if scope is None else Within(scope.queues, scope.teams),
    )
    if isinstance(command, m.ReadLife):
        asked.case = command.case
    else:
        asked.report, asked.given = command.report, {name: [text] for name, text in command.query.items()}
    return asked


class Reporting:
    """Asks the process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._idle: asyncio.TimerHandle | None = None
        self._retiring: asyncio.Task[None] | None = None

    async def ask(self, asked: Ask) -> bytes:
        """A report's body. Raises what the report does, CasebatonError `NO_HISTORY`, or Unavailable: too many ask, the
        answer takes too long, or the process ended.
        """
        if self._settings.history_url == NO_HISTORY:
            raise CasebatonError("NO_HISTORY", "this server keeps no history: its history_url is none")
        if self._waiting >= MOST_WAITING:
            raise Unavailable(f"{self._waiting} reports are being worked out already")
        self._waiting += 1
        why = "others were before this one: ask again later"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S), self._turn:
                why = "ask for a shorter period"
                told = await self._answer(asked)
        except TimeoutError:
            raise Unavailable(f"the report took longer than {ANSWER_WITHIN_S:g} s: {why}") from None
        finally:
            self._waiting -= 1
        if told.code:
            raise KINDS.get(told.code, partial(CasebatonError, told.code))(told.detail)
        return told.body

    async def execute(self, identity: Identity, command: m.ReadReport | m.ReadLife) -> Answer:
        """Answer a command. Raises what `ask` does, and Invalid when the answer is too large for a frame."""
        body = await self.ask(asked_by(identity, command))
        if len(body) > LARGEST_REPLY:
            raise Invalid(
                f"$.query: the answer has {len(body)} bytes, at most {LARGEST_REPLY}: ask for less, or by HTTP"
            )
        return Answer("", body)

    async def _answer(self, asked: Ask) -> Told:
        if self._idle is not None:
            self._idle.cancel()
        is_whole = False
        try:
            told = await _exchange(self._process or await self._start(), asked)
            is_whole = True
        except (EOFError, ConnectionError) as error:
            raise Unavailable("the process that works out reports has ended: its log says why") from error
        finally:
            if not is_whole:  # in the middle of an answer that nobody reads
                await _kill(self._take())
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._retire)
        return told

    async def _start(self) -> Process:
        command = sys.executable, "-m", "casebaton.reports"
        self._process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, start_new_session=True)
        assert self._process.stdin is not None
        self._process.stdin.write(frame(self._settings))
        return self._process

    def _retire(self) -> None:
        """Nobody has asked for a while."""
        self._retiring = asyncio.create_task(_kill(self._take()), name="reports-idle")

    def _take(self) -> Process | None:
        """The process, which nobody asks from now on."""
        process, self._process = self._process, None
        return process

    async def close(self) -> None:
        """End it now."""
        if self._idle is not None:
            self._idle.cancel()
        if self._retiring is not None:
            await self._retiring
        await _kill(self._take())


async def _kill(process: Process | None) -> None:
    if process is not None:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _exchange(process: Process, asked: Ask) -> Told:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(frame(asked))
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(LENGTH_BYTES), "big")
    return msgspec.msgpack.decode(await process.stdout.readexactly(length), type=Told)
