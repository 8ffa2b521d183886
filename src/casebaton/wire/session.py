"""One connection's protocol without I/O: frames go in, actions and frames come out.

The caller feeds text to `receive` and does what the returned actions say; every frame to send is made here. State,
limits and the clock are arguments, so that a test needs neither socket nor time.
"""

from collections.abc import Callable

import msgspec
from msgspec import Raw, Struct

from casebaton.errors import CasebatonError, Invalid
from casebaton.wire import frames
from casebaton.wire import messages as m
from casebaton.wire.surrogates import half_in
from casebaton.wire.words import CommandId, in_words

# -- close codes: what ended the connection, and whether to come back -----------------------------------------------

INTERNAL_ERROR = 1011  # the node failed: come back
SERVICE_RESTART = 1012  # this node stops: come back
TOO_SLOW = 4000  # the bounded outbox is full: come back
POSITION_LOST = 4002  # the log was cut behind us: come back for a new snapshot
TOO_MANY_CONNECTIONS = 4003  # come back: a dead node's connections count for a moment, tabs are closed
BAD_FRAME = 4400  # not JSON, or a malformed hello
UNAUTHENTICATED = 4401  # get a new token, then come back
NOT_ALLOWED = 4403
NO_WORKSPACE = 4404
WRONG_PROTOCOL = 4406
TOO_MANY = 4429

LONGEST_DETAIL = 500  # letters
PATIENCE = 100  # refusals for speed in a row before the connection ends

# -- actions ---------------------------------------------------------------------------------------------------------


class Authenticate(Struct, frozen=True):
    """The client said hello: verify the token, then call `welcome` or close."""

    token: str


class Run(Struct, frozen=True):
    """Run the command, then send `reply` or `refuse`."""

    command: m.Command


class Send(Struct, frozen=True):
    """Send this frame."""

    frame: bytes


class Close(Struct, frozen=True):
    """Close with this code; frames sent before still go out."""

    code: int
    reason: str


Action = Authenticate | Run | Send | Close
Order = tuple[int, int]


class _WithId(Struct):
    id: str | None = None


class _Identified(Struct):
    id: CommandId  # whose letters can be sent back


_hello = msgspec.json.Decoder(frames.Hello)
_command = msgspec.json.Decoder(m.Command)
_with_id = msgspec.json.Decoder(_WithId)


def order_of(position: str) -> Order:
    """A log position as numbers that compare."""
    ms, _, n = position.partition("-")
    return int(ms), int(n)


def explain(error: msgspec.ValidationError) -> str:
    """`$.path: reason` of a validation error."""
    reason, _, path = str(error).rpartition(" - at ")
    path = path.strip("`")
    reason = in_words(reason, path.rpartition(".")[2])
    return _shortened(f"{path}: {reason[:1].lower()}{reason[1:]}" if reason else f"$: {error}")


def _shortened(detail: str) -> str:
    """Without most of a name that may be as long as the frame."""
    return detail if len(detail) <= LONGEST_DETAIL else f"{detail[:LONGEST_DETAIL]}…"


class Session:
    """The protocol state of one connection: before hello, open, closed."""

    def __init__(self, limits: frames.Limits, *, heartbeat_ms: int, clock: Callable[[], float]) -> None:
        self.limits = limits
        self.heartbeat_ms = heartbeat_ms
        self.is_open = False
        self.seq = 0
        self._topics: dict[str, Order] = {}
        self._clock = clock
        self._allowance = float(limits.commands_per_second)
        self._allowance_at = clock()
        self._impatience = 0

    # -- frames in ---------------------------------------------------------------------------------------------------

    def receive(self, text: str | bytes) -> list[Action]:
        """Read one frame."""
        frame = text.encode() if isinstance(text, str) else text
        is_too_large = len(frame) > self.limits.frame_bytes
        if (self.is_open or is_too_large) and not self._spend():
            return self._hold_up(None if is_too_large else self._id_of(frame))
        if is_too_large:
            return [self._refusal(None, "FRAME_TOO_LARGE", f"{len(frame)} bytes, at most {self.limits.frame_bytes}")]
        if not self.is_open:
            return self._receive_hello(frame)
        try:
            command = _command.decode(frame)
        except msgspec.ValidationError as error:
            return [self._refusal(self._id_of(frame), "INVALID", explain(error))]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._unreadable(frame)
        return [Run(command)]

    def _receive_hello(self, frame: bytes) -> list[Action]:
        try:
            hello = _hello.decode(frame)
        except msgspec.ValidationError as error:
            detail = f"{explain(error)} (the first frame must be hello)"
            return [self._refusal(None, "INVALID", detail), Close(BAD_FRAME, "malformed hello")]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._no_json()  # whoever has not said who it is gets no second look
        if hello.protocol != frames.PROTOCOL:
            spoken = f"this server speaks protocol {frames.PROTOCOL}"
            return [self._refusal(None, "WRONG_PROTOCOL", spoken), Close(WRONG_PROTOCOL, spoken)]
        return [Authenticate(hello.token)]

    def _unreadable(self, frame: bytes) -> list[Action]:
        """A text that no character can stand for may be a customer's: it costs its own command, not the connection."""
        found = half_in(frame)
        if found is None:
            return self._no_json()
        detail, value = found
        try:
            command_id: str | None = msgspec.convert(value, _Identified).id
        except msgspec.ValidationError:
            command_id = None
        return [self._refusal(command_id, "INVALID", detail)]

    def _no_json(self) -> list[Action]:
        return [self._refusal(None, "NOT_JSON", "the frame is not JSON"), Close(BAD_FRAME, "not JSON")]

    def _spend(self) -> bool:
        """Take one frame out of a bucket that holds one second's: bursts pass, floods do not, of commands or not."""
        rate = self.limits.commands_per_second
        now = self._clock()
        self._allowance = min(float(rate), self._allowance + (now - self._allowance_at) * rate)
        self._allowance_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        self._impatience = 0
        return True

    def _hold_up(self, command_id: str | None) -> list[Action]:
        self._impatience += 1
        rate = self.limits.commands_per_second
        refusal = self._refusal(command_id, "TOO_FAST", f"more than {rate} commands a second", retryable=True)
        if self._impatience < PATIENCE:
            return [refusal]
        return [refusal, Close(TOO_MANY, "too many commands")]

    def allow(self, commands_per_second: int) -> None:
        """Change the rate: programs may send more than people."""
        self.limits = msgspec.structs.replace(self.limits, commands_per_second=commands_per_second)
        self._allowance = float(commands_per_second)

    @staticmethod
    def _id_of(frame: bytes) -> str | None:
        try:
            return _with_id.decode(frame).id
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # what follows the fault may be worse
            return None

    # -- frames out --------------------------------------------------------------------------------------------------

    def welcome(self, said: frames.Welcome) -> bytes:
        """Open the session: from here on events after its `position` are for it."""
        self.is_open = True
        return frames.encode(said)

    def follow(self, topic: str, after: str) -> None:
        """Events of the topic after this position concern the session."""
        self._topics[topic] = order_of(after)

    def unfollow(self, topic: str) -> None:
        """They no longer do."""
        self._topics.pop(topic, None)

    def follows(self, topic: str) -> bool:
        """Do the topic's events concern the session?"""
        return topic in self._topics

    def count(self, prefix: str) -> int:
        """How many topics with this beginning it follows."""
        return sum(topic.startswith(prefix) for topic in self._topics)

    def wants(self, topics: tuple[str, ...], order: Order) -> bool:
        """Does an entry with these topics at this place concern the session, and is it news?"""
        return any(topic in self._topics and order > self._topics[topic] for topic in topics)

    def event(self, position: str, body: bytes) -> bytes:
        """The frame of an event: the engine's own bytes with this connection's `seq` put in front."""
        self.seq += 1
        return b'{"seq":%d,"position":"%b",' % (self.seq, position.encode()) + body[1:]

    def reply(self, command_id: str, body: bytes, position: str) -> bytes:
        """The frame that says a command was accepted."""
        return frames.encode(frames.OkReply(id=command_id, ok=Raw(body), position=position))

    def refuse(self, command_id: str | None, error: CasebatonError) -> bytes:
        """The frame that says a command changed nothing, or that nobody knows."""
        fault = frames.Fault(
            code=error.code,
            detail=error.detail,
            retryable=error.retryable,
            current=error.current,
            faults=error.faults if isinstance(error, Invalid) else (),
        )
        return frames.encode(frames.ErrorReply(id=command_id, error=fault))

    def draining(self, reconnect_after_ms: int) -> bytes:
        """The frame that says this node is about to stop."""
        return frames.encode(frames.Draining(reconnect_after_ms=reconnect_after_ms))

    def _refusal(self, command_id: str | None, code: str, detail: str, *, retryable: bool = False) -> Send:
        fault = frames.Fault(code=code, detail=detail, retryable=retryable)
        return Send(frames.encode(frames.ErrorReply(id=command_id, error=fault)))
