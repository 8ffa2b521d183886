"""A session without a socket, and what it said."""

import json
from typing import Any

from msgspec import Raw

from casebaton.wire import frames
from casebaton.wire.session import Action, Send, Session

LIMITS = frames.Limits(frame_bytes=4096, commands_per_second=5, connections=10)
HELLO = {"type": "hello", "token": "t", "protocol": 1}
SUBMIT = {"type": "submit_case", "id": "c-1", "queue": "support", "subject": "Printer"}
ACCEPT = {"type": "accept_case", "id": "c-2", "case": "k", "baton": "b"}


class Clock:
    """Seconds that stand still."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def a_session(clock: Clock | None = None, *, limits: frames.Limits = LIMITS, is_open: bool = True) -> Session:
    session = Session(limits, heartbeat_ms=10_000, clock=clock or Clock())
    if is_open:
        session.welcome(a_welcome(session))
    return session


def a_welcome(session: Session, snapshot: bytes = b"{}", position: str = "1-0") -> frames.Welcome:
    return frames.Welcome(
        protocol=frames.PROTOCOL, workspace="acme", role="agent", subject="ana", server_time_ms=7,
        heartbeat_ms=session.heartbeat_ms, limits=session.limits, snapshot=Raw(snapshot), position=position,
    )  # fmt: skip


def say(session: Session, frame: Any) -> list[Action]:
    return session.receive(frame if isinstance(frame, (str, bytes)) else json.dumps(frame))


def read(action: Action) -> Any:
    assert isinstance(action, Send)
    return json.loads(action.frame)


def refusal(actions: list[Action]) -> Any:
    """The one refusal among the actions, which do not close anything."""
    [action] = actions
    frame = read(action)
    assert frame["type"] == "reply"
    return frame | frame["error"]
