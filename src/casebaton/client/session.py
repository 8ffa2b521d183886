"""What one client knows: the view, who hears of its changes, and the way for commands."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from msgspec import UNSET, UnsetType

from casebaton.client.connection import ConnectionState, Random
from casebaton.client.errors import ConnectionEnded, NotSent
from casebaton.client.events import Event, Reply
from casebaton.client.outbox import Clock, Outbox
from casebaton.client.reducer import View, apply, from_snapshot
from casebaton.client.state import Snapshot, Window
from casebaton.wire.frames import Welcome
from casebaton.wire.messages import CommandMessage
from casebaton.wire.messages import Window as WireWindow

T = TypeVar("T")


def given(value: T | None) -> T | UnsetType:
    """Leave out of a command what is None."""
    return UNSET if value is None else value


def planned(window: Window | UnsetType | None) -> WireWindow | UnsetType:
    """As a command says for when a case is planned; None is for no time."""
    if window is None:
        return WireWindow()
    return UNSET if window is UNSET else WireWindow(window.from_ms, window.until_ms)


class Pulse:
    """Wakes all who wait at that moment; whoever waits looks first, so that none before it is missed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    async def wait(self) -> None:
        """Wait for the next pulse."""
        await self._event.wait()

    def beat(self) -> None:
        """Wake all who wait now."""
        self._event.set()
        self._event.clear()


class Session:
    """Folds what comes in, then tells the parts of the client, then the user's callbacks."""

    def __init__(self, outbox: Outbox, clock: Clock, random: Random) -> None:
        self.view = View()
        self.welcome: Welcome | None = None
        self.state: ConnectionState = "disconnected"
        self.ended: ConnectionEnded | None = None
        self.is_over = False
        self.on_change: list[Callable[[View, View], None]] = []
        self.on_welcome: list[Callable[[], None]] = []
        self.on_over: list[Callable[[], None]] = []
        self.on_event: list[Callable[[Event], object]] = []
        self.on_state: list[Callable[[ConnectionState], object]] = []
        self._outbox = outbox
        self._clock = clock
        self._random = random
        self._clock_offset_ms = 0.0

    # -- what the connection says ------------------------------------------------------------------

    def state_changed(self, state: ConnectionState) -> None:
        """Take the connection's new state."""
        self.state = state
        tell(self.on_state, state)

    def welcomed(self, welcome: Welcome, snapshot: Snapshot) -> None:
        """Begin again from a snapshot."""
        self.welcome = welcome
        self._clock_offset_ms = welcome.server_time_ms - self._clock.time() * 1000
        self.show(from_snapshot(snapshot, welcome.position, self.view.lines))
        for welcomed in tuple(self.on_welcome):
            welcomed()

    def received(self, event: Event) -> None:
        """Fold the next event."""
        self.show(apply(self.view, event))
        tell(self.on_event, event)

    def finish(self, ended: ConnectionEnded | None) -> None:
        """Take notice that no connection will follow, of its own accord (None) or not."""
        self.ended = ended
        self.is_over = True
        self._outbox.end(str(ended) if ended else "the client was closed")
        for over in tuple(self.on_over):
            over()

    # -- what the parts of the client need ---------------------------------------------------------

    def show(self, view: View) -> None:
        """Put another view in place, and tell the parts of it."""
        before, self.view = self.view, view
        for changed in tuple(self.on_change):
            changed(before, view)

    @property
    def role(self) -> str:
        """The role that the server read from the token, once it has."""
        return self.welcome.role if self.welcome else ""

    @property
    def commands_per_second(self) -> int:
        """How fast the server lets this connection be."""
        return self.welcome.limits.commands_per_second if self.welcome else 1

    async def command(self, command: CommandMessage) -> Reply:
        """Send a command and wait for its reply; raises a `CasebatonError`."""
        if self.ended is not None:
            raise self.ended
        if self.state != "connected":
            raise NotSent("there is no connection")
        return await self._outbox.ask(command)

    def command_id(self) -> str:
        """Mint an id that no other command has."""
        return f"{self._random.getrandbits(128):032x}"

    def server_time_ms(self) -> float:
        """Estimate the server's clock from its last welcome."""
        return self._clock.time() * 1000 + self._clock_offset_ms


def tell(callbacks: list[Callable[[T], object]], news: T) -> None:
    """Call each. What one raises goes to the loop's exception handler and harms nobody else."""
    for callback in tuple(callbacks):
        try:
            callback(news)
        except Exception as error:  # noqa: BLE001 - any error of the user's code is reported, as asyncio does
            context = {"message": f"{callback!r} failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


def subscribe(callbacks: list[Callable[[T], object]], callback: Callable[[T], object]) -> Callable[[], None]:
    """Add a callback; the result takes it out again."""
    callbacks.append(callback)
    return lambda: callbacks.remove(callback)
