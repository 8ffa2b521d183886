"""The node's leases on its agents' connections, one per workspace.

A lease has a name of its own, and is renewed every fifth of its length. A node that was silent for too long finds it
gone: its agents count as lost from then on. Then it takes another lease, under a name that no connection has had yet,
and connects every living session again; what is left under the former name ends with that. A lease that holds nobody
any more is let go. A disconnect that the store could not take is repeated here.
"""

import asyncio
import itertools
import secrets
from collections import defaultdict
from typing import NamedTuple, Protocol

import structlog

from casebaton.errors import CasebatonError
from casebaton.store.client import Answer, StoreClient
from casebaton.wire.session import SERVICE_RESTART

ATTEMPTS = 3  # leases that one connect may lose before it is given up

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


class _Departure(NamedTuple):
    """A connection that the store has to forget."""

    workspace: str
    agent: str
    connection: str
    name: str


class _Tenure:
    """One workspace's lease: its present name, empty while there is none, and its sessions with the name under which
    each was connected last.
    """

    def __init__(self) -> None:
        self.name = ""
        self.sessions: dict[Session, str] = {}
        self.taking = asyncio.Lock()


class Lease:
    """Connects and disconnects agents under this node's name."""

    def __init__(self, store: StoreClient, *, lease_ms: int, connections_per_agent: int) -> None:
        self.node = f"n{secrets.token_hex(4)}"
        self._store = store
        self._lease_ms = lease_ms
        self._limit = connections_per_agent
        self._numbers = itertools.count()
        self._tenures: defaultdict[str, _Tenure] = defaultdict(_Tenure)
        self._leaving: set[_Departure] = set()

    async def connect(self, session: Session) -> Answer:
        """Open the agent's connection; the answer is its snapshot. Whatever comes of it, `disconnect` has to follow.

        Raises Refused, Unavailable or OutcomeUnknown.
        """
        tenure = self._tenures[session.workspace]
        tenure.sessions[session] = ""
        return await self._connect(tenure, session)

    async def _connect(self, tenure: _Tenure, session: Session) -> Answer:
        attempts = ATTEMPTS
        while True:
            attempts -= 1
            name = await self._take(tenure, session.workspace)
            if session in tenure.sessions:
                tenure.sessions[session] = name
            try:
                return await self._open(tenure, session, name)
            except CasebatonError as error:
                if error.code != "LEASE_LOST":
                    raise
                self._lose(tenure, session.workspace, name)
                if not attempts:
                    raise

    async def _open(self, tenure: _Tenure, session: Session, name: str) -> Answer:
        try:
            return await self._store.run(
                "connect",
                session.workspace,
                ("agent", session.agent),
                connection=session.connection,
                node=name,
                lease_ms=self._lease_ms,
                limit=self._limit,
            )
        finally:
            if session not in tenure.sessions:  # it left, and a repeated connect may have come after its disconnect
                await self._forget(session, name)

    async def _take(self, tenure: _Tenure, workspace: str) -> str:
        """The present lease's name, or that of a new one. Each attempt has another: what comes late harms nobody."""
        async with tenure.taking:
            if not tenure.name:
                name = f"{self.node}.{next(self._numbers)}"
                await self._store.run("take_lease", workspace, ("engine", name), node=name, lease_ms=self._lease_ms)
                tenure.name = name
            return tenure.name

    @staticmethod
    def _lose(tenure: _Tenure, workspace: str, name: str) -> None:
        if tenure.name == name:
            logger.warning("lease_lost", workspace=workspace, lease=name, connections=len(tenure.sessions))
            tenure.name = ""

    async def disconnect(self, session: Session) -> None:
        """Close the agent's connection; if the store cannot hear it now, it will."""
        if name := self._tenures[session.workspace].sessions.pop(session, ""):
            await self._forget(session, name)

    async def _forget(self, session: Session, name: str) -> None:
        departure = _Departure(session.workspace, session.agent, session.connection, name)
        self._leaving.add(departure)
        await self._report(departure)

    async def _report(self, departure: _Departure) -> None:
        workspace, agent, connection, name = departure
        try:
            await self._store.run("disconnect", workspace, ("agent", agent), connection=connection, node=name)
        except CasebatonError as error:
            logger.warning("disconnect_delayed", error=error.code)
            if error.retryable:
                return
        self._leaving.discard(departure)

    async def _report_again(self) -> None:
        for departure in list(self._leaving):
            if departure in self._leaving:
                await self._report(departure)
            if departure in self._leaving:  # the store is still away
                return

    async def run(self) -> None:
        """Renew until cancelled."""
        while True:
            await asyncio.sleep(self._lease_ms / 5000)
            await self.renew()
            await self._report_again()

    async def renew(self) -> None:
        """Say in every workspace that the node lives; what was lost is connected again."""
        await asyncio.gather(*(self._keep(workspace) for workspace in list(self._tenures)))

    async def _keep(self, workspace: str) -> None:
        tenure = self._tenures[workspace]
        if not tenure.sessions:
            if not tenure.taking.locked():
                del self._tenures[workspace]  # the lease ends by itself, and there is nobody to miss it
            return
        name = tenure.name
        try:
            if name:
                await self._store.run("renew", workspace, ("engine", name), node=name, lease_ms=self._lease_ms)
        except CasebatonError as error:
            logger.warning("lease_not_renewed", workspace=workspace, error=error.code)
            if error.code == "LEASE_LOST":
                self._lose(tenure, workspace, name)
        astray = [session for session, held_by in tenure.sessions.items() if held_by and held_by != tenure.name]
        await asyncio.gather(*(self._reconnect(tenure, session) for session in astray))

    async def _reconnect(self, tenure: _Tenure, session: Session) -> None:
        try:
            await self._take(tenure, session.workspace)
            if session in tenure.sessions:
                await self._connect(tenure, session)
        except CasebatonError as error:
            logger.warning("reconnect_failed", workspace=session.workspace, error=error.code)
            session.end(SERVICE_RESTART, "the connection could not be renewed")

    async def release(self) -> None:
        """Give all leases back: the connections end now, not at the lease's end."""
        held = {workspace: tenure.name for workspace, tenure in self._tenures.items() if tenure.name}
        self._tenures.clear()
        for workspace, name in held.items():
            await self._store.run("release_node", workspace, ("engine", name), node=name)
