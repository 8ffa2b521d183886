"""The node's lease on its agents' connections, one per workspace.

A lease is renewed every fifth of its length. A node that was silent for too long finds it gone: its agents count as
lost from then on, so it takes a new name and connects every living session again. A disconnect that the store could
not take is repeated here.
"""

import asyncio
import secrets
from typing import Protocol

import structlog

from casebaton.errors import CasebatonError, Refused
from casebaton.store.client import Answer, StoreClient
from casebaton.wire.session import SERVICE_RESTART

logger = structlog.get_logger()


class Session(Protocol):
    """An agent's connection, as the lease sees it."""

    workspace: str
    connection: str

    @property
    def agent(self) -> str:
        """The agent's id."""

    def end(self, code: int, reason: str) -> None:
        """Close the connection soon."""


class Lease:
    """Connects and disconnects agents under this node's name."""

    def __init__(self, store: StoreClient, *, lease_ms: int, connections_per_agent: int) -> None:
        self._store = store
        self._lease_ms = lease_ms
        self._limit = connections_per_agent
        self._prefix = secrets.token_hex(4)
        self._generation = 0
        self._sessions: dict[str, set[Session]] = {}
        self._leaving: dict[str, tuple[str, str, str]] = {}

    @property
    def node(self) -> str:
        """The node's present name."""
        return f"n{self._prefix}.{self._generation}"

    async def connect(self, session: Session) -> Answer:
        """Open the agent's connection; the answer is its snapshot. Raises Refused or OutcomeUnknown."""
        sessions = self._sessions.setdefault(session.workspace, set())
        sessions.add(session)
        try:
            answer = await self._store.run(
                "connect",
                session.workspace,
                ("agent", session.agent),
                connection=session.connection,
                node=self.node,
                lease_ms=self._lease_ms,
                limit=self._limit,
            )
        except CasebatonError:
            sessions.discard(session)
            raise
        if session not in sessions:  # it left meanwhile, and a repeated connect may have come after its disconnect
            await self.disconnect(session)
        return answer

    async def disconnect(self, session: Session) -> None:
        """Close the agent's connection; if the store cannot hear it now, it will."""
        sessions = self._sessions.get(session.workspace, set())
        sessions.discard(session)
        self._leaving[session.connection] = (session.workspace, session.agent, self.node)
        await self._report(session.connection)

    async def _report(self, connection: str) -> None:
        workspace, agent, node = self._leaving[connection]
        try:
            await self._store.run("disconnect", workspace, ("agent", agent), connection=connection, node=node)
        except Refused:
            pass  # there is no such workspace: its hello was refused, and nothing is connected
        except CasebatonError as error:
            logger.warning("disconnect_delayed", error=error.code)
            if error.retryable:
                return
        self._leaving.pop(connection, None)

    async def _report_again(self) -> None:
        for connection in list(self._leaving):
            if connection in self._leaving:
                await self._report(connection)
            if connection in self._leaving:  # the store is still away
                return

    async def run(self) -> None:
        """Renew until cancelled."""
        while True:
            await asyncio.sleep(self._lease_ms / 5000)
            await self._report_again()
            for workspace in [name for name, sessions in self._sessions.items() if sessions]:
                await self._renew(workspace)

    async def _renew(self, workspace: str) -> None:
        try:
            await self._store.run("renew", workspace, ("engine", self.node), node=self.node, lease_ms=self._lease_ms)
        except CasebatonError as error:
            logger.warning("lease_not_renewed", workspace=workspace, error=error.code)
            if error.code == "LEASE_LOST":
                await self._reconnect_all()

    async def _reconnect_all(self) -> None:
        former = self.node
        self._generation += 1
        sessions = [session for sessions in self._sessions.values() for session in sessions]
        await asyncio.gather(*(self._reconnect(session, former) for session in sessions))

    async def _reconnect(self, session: Session, former: str) -> None:
        try:
            # The engine ends the former name's connections in slices: what it has not reached yet ends here, or it
            # would end the new one.
            await self._store.run(
                "disconnect",
                session.workspace,
                ("agent", session.agent),
                connection=session.connection,
                node=former,
            )
            if session in self._sessions[session.workspace]:
                await self.connect(session)
        except CasebatonError as error:
            logger.warning("reconnect_failed", workspace=session.workspace, error=error.code)
            session.end(SERVICE_RESTART, "the connection could not be renewed")

    async def release(self) -> None:
        """Give all leases back: the connections end now, not at the lease's end."""
        for workspace in list(self._sessions):
            await self._store.run("release_node", workspace, ("engine", self.node), node=self.node)
        self._sessions.clear()
