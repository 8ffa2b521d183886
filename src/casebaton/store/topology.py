"""Which server is the primary of which workspace: always the same one, the one that Sentinels name, or the one that a
cluster's slots are at.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from redis.crc import key_slot
from redis.exceptions import RedisError, ResponseError

from casebaton.errors import Unavailable
from casebaton.store.connection import connect
from casebaton.store.keys import log_key
from casebaton.store_url import Host, StoreUrl, parse

ASK_WITHIN_S = 1.0  # one of several who know: the next one is asked then
SHOWN = 5  # of the servers that had no answer


class Topology(Protocol):
    """Where the primaries are."""

    async def refresh(self) -> None:
        """Find out afresh. Raises Unavailable."""

    def primary_of(self, workspace: str) -> str:
        """The URL of the workspace's primary; empty while it is not known."""

    @property
    def primaries(self) -> list[str]:
        """The URLs of all primaries that are known."""


class Single:
    """One server, for good."""

    def __init__(self, url: str) -> None:
        self.primaries = [url]

    async def refresh(self) -> None:
        """There is nothing to find out."""

    def primary_of(self, workspace: str) -> str:  # noqa: ARG002
        """The server."""
        return self.primaries[0]


class Sentinel:
    """The primary that the first Sentinel to answer names; whoever answers is asked first the next time."""

    def __init__(self, url: StoreUrl) -> None:
        self.primaries: list[str] = []
        self._url = url
        self._sentinels = list(url.hosts)

    async def refresh(self) -> None:
        """Ask the Sentinels. Raises Unavailable when none answers, or none knows the name."""
        command = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self._url.name)
        try:
            host, found = await _first_answer(self._sentinels, self._url.sentinel, *command)
        except Unavailable as error:
            raise Unavailable(f"no Sentinel knows a primary named {self._url.name} ({error.detail})") from error
        self._sentinels.remove(host)
        self._sentinels.insert(0, host)
        self.primaries = [self._url.server((found[0].decode(), int(found[1])))]

    def primary_of(self, workspace: str) -> str:  # noqa: ARG002
        """The primary."""
        return self.primaries[0] if self.primaries else ""


class Cluster:
    """The primaries of a cluster, by slot."""

    def __init__(self, url: StoreUrl) -> None:
        self._url = url
        self._known = list(url.hosts)  # whom to ask: the last answer's servers, then those that were given
        self._slots: list[tuple[int, int, str]] = []

    async def refresh(self) -> None:
        """Ask the servers for the slots. Raises Unavailable when none answers."""
        try:
            host, found = await _first_answer(self._known, self._url.server, "CLUSTER", "SLOTS")
        except Unavailable as error:
            raise Unavailable(f"no server of the cluster tells where its slots are ({error.detail})") from error
        rows = [(first, last, [_host(server, host) for server in servers]) for first, last, *servers in found]
        self._slots = [(first, last, self._url.server(servers[0])) for first, last, servers in rows]
        self._known = _unique([host, *(each for row in rows for each in row[2]), *self._url.hosts])

    def primary_of(self, workspace: str) -> str:
        """The primary that has the workspace's slot."""
        slot = key_slot(log_key(workspace).encode())
        return next((url for first, last, url in self._slots if first <= slot <= last), "")

    @property
    def primaries(self) -> list[str]:
        """Each once."""
        return _unique(url for _, _, url in self._slots)


def topology_of(url: str) -> Topology:
    """The topology that a store's address stands for."""
    found = parse(url)
    if found.kind == "single":
        return Single(url)
    return Sentinel(found) if found.kind == "sentinel" else Cluster(found)


async def _first_answer(hosts: list[Host], url_of: Callable[[Host], str], *command: str) -> tuple[Host, Any]:
    """The first one, asked in turn, that has an answer, and its answer. Raises Unavailable, which says what was wrong
    with each.
    """
    wrong = []
    for host in hosts:
        try:
            if answer := await _ask(url_of(host), *command):
                return host, answer
            why = "unknown there"
        except ResponseError:
            why = f"it refuses {' '.join(command[:2])}"
        except (RedisError, OSError) as error:
            why = type(error).__name__  # its text may have what the URL keeps secret
        wrong.append(f"{host[0]}:{host[1]}: {why}")
    raise Unavailable("; ".join(wrong[:SHOWN]))


async def _ask(url: str, *command: str) -> Any:
    """One server's answer. Raises RedisError or OSError when it has none in time."""
    redis = connect(url, timeout_s=ASK_WITHIN_S)
    try:
        async with asyncio.timeout(ASK_WITHIN_S):
            return await redis.execute_command(*command)
    finally:
        await redis.aclose()


def _host(server: list[Any], asked: Host) -> Host:
    """A server of CLUSTER SLOTS; one that does not know its own address is where it was asked."""
    return (server[0] or b"").decode() or asked[0], int(server[1])


def _unique(names: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(names))
