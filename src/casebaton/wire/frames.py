"""The frames of a connection beside commands and events: the greeting, replies, and what a node says of itself.

Events travel as the engine wrote them (see `docs/protocol.md`); they are only forwarded, never rebuilt.
"""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from casebaton.errors import Finding
from casebaton.wire.words import Message

PROTOCOL = 1


class Hello(Message, tag="hello"):
    """The first frame of a connection, within 5 s."""

    token: str
    protocol: int


class Fault(Struct, omit_defaults=True, kw_only=True):
    """Why a command changed nothing; the same on the socket and in a problem document. A configuration or a roster has
    all its `faults`.
    """

    code: str
    detail: str
    retryable: bool
    current: Any = None
    faults: tuple[Finding, ...] = ()


class OkReply(Struct, tag="reply", kw_only=True, omit_defaults=True):
    """The command was accepted; `position` is its place in the log."""

    id: str
    ok: Raw
    position: str


class ErrorReply(Struct, tag="reply", kw_only=True, omit_defaults=True):
    """The command was refused. `id` is null when the frame did not carry one that could be read."""

    id: str | None
    error: Fault


class Limits(Struct, kw_only=True):
    """What a connection may do before it is refused or closed."""

    frame_bytes: int
    commands_per_second: int
    connections: int


class Welcome(Struct, tag="welcome", kw_only=True, omit_defaults=True):
    """The answer to `hello`: who you are, until when your token holds, who answers, and the state that the events after
    `position` continue.
    """

    protocol: int
    workspace: str
    role: str
    subject: str
    server_time_ms: int
    heartbeat_ms: int
    limits: Limits
    snapshot: Raw
    position: str
    name: str = ""
    scope: Any = None
    expires_at_ms: int | None = None
    node: str = ""
    version: str = ""


class Draining(Struct, tag="draining", kw_only=True):
    """This node is about to stop: come back after so many milliseconds (spread over its clients)."""

    reconnect_after_ms: int


class AgentUnwatched(Struct, tag="agent_unwatched", kw_only=True):
    """The body of an event to whoever watches an agent that has left its scope: nothing more follows. Made by the
    node.
    """

    agent: str


class Changes(Struct, omit_defaults=True, kw_only=True):
    """What is so now of agents and queues that changed, and the names of those that are no longer to be seen.

    `minutes` are rows of queues' figures, `alerts` what a supervisor should see, each whole as it is now too, and all
    there are when they come `alerts_anew`: then, as at a beginning, `alerts_untold` more thresholds are crossed.
    `health` is that of nodes and store. `begins`: forget what was known; the figures are whole from `figures_since_ms`
    on.
    `more`: what belongs to it follows at once.
    """

    agents: list[Any] = []
    queues: list[Any] = []
    agents_gone: list[str] = []
    queues_gone: list[str] = []
    minutes: list[Any] = []
    alerts: list[Any] = []
    alerts_anew: bool = False
    alerts_untold: int = 0
    health: Any = None
    figures_since_ms: int = 0
    begins: bool = False
    more: bool = False


class WorkspaceChanged(Struct, tag="workspace_changed", kw_only=True):
    """The body of an event to whoever watches the workspace, made by the node at `at_ms` (engine time)."""

    at_ms: int
    changes: Changes


class QueuesCounted(Struct, tag="queues_counted", kw_only=True):
    """The body of an event to an agent who watches counts: how many wait in those of its queues whose count changed.
    Made by the node.
    """

    at_ms: int
    waiting: dict[str, int]


encode = msgspec.json.Encoder().encode
