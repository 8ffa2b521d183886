"""What whoever has said hello is answered."""

import time

import msgspec
from msgspec import Raw, Struct

from casebaton import __version__
from casebaton.auth import Identity
from casebaton.wire import frames
from casebaton.wire import session as wire


class _Agent(Struct, frozen=True):
    name: str = ""


class _Snapshot(Struct):
    at_ms: int = 0
    agent: _Agent = _Agent()


_read = msgspec.json.Decoder(_Snapshot).decode


def welcome(identity: Identity, snapshot: bytes, position: str, session: wire.Session, node: str) -> frames.Welcome:
    """The time is the engine's where the snapshot tells it, so that clients count deadlines by the clock that set them;
    else this node's. An agent is called what the workspace calls it, others what their token says.
    """
    shown = _read(snapshot)
    return frames.Welcome(
        protocol=frames.PROTOCOL,
        workspace=identity.workspace,
        role=identity.role,
        subject=identity.subject,
        name=shown.agent.name or identity.name,
        scope=identity.scope,
        expires_at_ms=round(identity.expires_at * 1000),
        server_time_ms=shown.at_ms or round(time.time() * 1000),
        heartbeat_ms=session.heartbeat_ms,
        limits=session.limits,
        snapshot=Raw(snapshot),
        position=position,
        node=node,
        version=__version__,
    )
