"""What an agent's change ends: a supervisor's watch of it, and its own watch of queues that it has no more."""

import msgspec
from msgspec import Struct

from casebaton.auth import Scope
from casebaton.errors import CasebatonError
from casebaton.store import log
from casebaton.wire import frames
from casebaton.wire.session import Session

MOST = 20  # agents that one connection watches
TOPIC = "agent:"
UPDATED, REMOVED = b'{"type":"agent_updated",', b'{"type":"agent_removed",'


class _Agent(Struct):
    agent: str
    team: str = ""
    queues: tuple[str, ...] = ()
    queues_by_skill: tuple[str, ...] = ()


_agent = msgspec.json.Decoder(_Agent)


def check_room(session: Session, topic: str) -> None:
    """Raise TOO_MANY_WATCHES when the session follows as many agents as it may, and not this one."""
    if not session.follows(topic) and session.count(TOPIC) >= MOST:
        raise CasebatonError("TOO_MANY_WATCHES", f"a connection watches at most {MOST} agents: unwatch one first")


def leaving(entry: log.Entry, scope: Scope | None) -> str:
    """The agent whom this entry takes out of the workspace or of the scope, or nothing."""
    if entry.body.startswith(REMOVED):
        return _agent.decode(entry.body).agent
    if scope is None or not entry.body.startswith(UPDATED):
        return ""
    found = _agent.decode(entry.body)
    return "" if scope.covers(found.team, (*found.queues, *found.queues_by_skill)) else found.agent


def memberships(entry: log.Entry, agent: str) -> tuple[str, ...] | None:
    """The queues that the agent has from this entry on; None when the entry does not say."""
    if not entry.body.startswith(UPDATED):
        return None
    found = _agent.decode(entry.body)
    return (*found.queues, *found.queues_by_skill) if found.agent == agent else None


def told(entry: log.Entry, agent: str) -> bytes:
    """What the watcher is told of it: that the agent was removed, or no more than that it is out of sight."""
    if entry.body.startswith(REMOVED):
        return entry.body
    return frames.encode(frames.AgentUnwatched(agent=agent))
