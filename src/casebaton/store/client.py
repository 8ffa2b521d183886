"""Runs the engine's commands: each goes to its workspace's primary, in the order in which it was asked for.

A workspace's calls share one sender (`sender.py`), and change to another only between two of its batches: when calls
could not be answered, the topology is asked anew, and what belongs to another primary by now moves there, in order. So
nothing overtakes, whatever fails over to whom.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError

from casebaton.errors import Unavailable
from casebaton.store import library
from casebaton.store.connection import ANSWER_WITHIN_S, OPTIONS, RawRedis
from casebaton.store.keys import log_key
from casebaton.store.sender import Call, Sender
from casebaton.store.topology import topology_of
from casebaton.store_url import StoreUrl, parse

MAX_WAITING = 10_000
RETRY_FOR_S = 10.0
PING_WITHIN_S = 0.4
PLAIN_RETRIES = 3  # of plain reads and writes in a cluster: all of them are harmless twice
NOWHERE = ""  # the sender of what has no primary that is known

Actor = tuple[str, str] | tuple[str, str, str]  # role, subject, and the scope of a supervisor who has one


class Answer(msgspec.Struct, frozen=True):
    """What a command returned: its place in the log, and JSON."""

    position: str
    body: bytes


class StoreClient:
    """Runs commands of the library. One instance per node; `close` ends it."""

    def __init__(self, url: str, *, retry_for_s: float = RETRY_FOR_S, replicas: int = 0) -> None:
        """`replicas` is how many replicas must have what is acknowledged."""
        self.url = url
        self._replicas = replicas
        self._library = library.build()
        self._retry_for_s = retry_for_s
        self._topology = topology_of(url)
        self._asking = asyncio.Lock()
        self._asked = 0  # how often the topology was asked
        self._senders: dict[str, Sender] = {}
        self._home: dict[str, Sender] = {}  # by workspace
        self._moved: list[Callable[[], object]] = []
        where = parse(url)
        self.is_cluster = where.kind == "cluster"
        self._plain = _plain_cluster(where) if self.is_cluster else None
        self._is_closed = False

    @property
    def redis(self) -> RawRedis:
        """For plain commands: in a cluster each goes where its key is, and none may name keys of two workspaces.

        Raises Unavailable while no primary is known.
        """
        if self._plain is not None:
            return self._plain
        redis = self._sender(self.primary_of("")).redis
        if redis is None:
            raise Unavailable("the store's primary is not known yet")
        return redis

    @property
    def library(self) -> str:
        """The name of the function library that this client calls."""
        return self._library.name

    @property
    def primaries(self) -> list[RawRedis]:
        """A client for each primary, for what concerns servers and not keys."""
        return [self._sender(url).redis for url in self._topology.primaries]

    def primary_of(self, workspace: str) -> str:
        """The URL of the workspace's primary as far as is known, or nothing."""
        return self._topology.primary_of(workspace)

    @property
    def places(self) -> list[str]:
        """Where the primaries are, for people: without passwords."""
        return [parse(url).without_secrets() for url in self._topology.primaries]

    def on_moved(self, callback: Callable[[], object]) -> None:
        """Call back whenever workspaces may have got another primary."""
        self._moved.append(callback)

    async def locate(self) -> None:
        """Ask the topology anew where the primaries are; of many who ask at once, one does. Raises Unavailable."""
        asked = self._asked
        async with self._asking:
            if asked != self._asked:
                return
            before = self._topology.primaries
            await self._topology.refresh()
            self._asked += 1
        if self._topology.primaries != before:
            for callback in self._moved:
                callback()

    async def load(self) -> None:
        """Load the library everywhere unless this very version is there. Raises Unavailable."""
        await self.locate()
        for url in self._topology.primaries:
            await self._sender(url).load()

    async def ping(self) -> None:
        """See that the store answers; of a cluster one primary is enough, since the workspaces of others go on.

        Raises Unavailable.
        """
        if not any(await asyncio.gather(*(_answers(redis, is_cluster=self.is_cluster) for redis in self.primaries))):
            raise Unavailable("the store cannot be reached")

    async def close(self) -> None:
        """Stop sending; calls still waiting fail as unknown, and later ones as unavailable."""
        self._is_closed = True
        for sender in list(self._senders.values()):
            await sender.close()
        if self._plain is not None:
            await self._plain.aclose()

    async def run(
        self,
        name: str,
        workspace: str,
        actor: Actor,
        /,
        *,
        command_id: str = "",
        now: int | None = None,
        **args: Any,
    ) -> Answer:
        """Run one command for `actor`. `now` is a virtual clock in ms; None takes the store's.

        Repeats a call whose answer was lost, with the same command id, for `retry_for_s`; a caller without a command
        id names a command that is harmless twice. Raises Refused, Unavailable (not run) or OutcomeUnknown.
        """
        contract = self._library.contracts[name]
        if unknown := args.keys() - set(contract.args):
            raise TypeError(f"{name} takes no {sorted(unknown)}")
        if self._is_closed:
            raise Unavailable("the node is stopping")
        if sum(len(sender.waiting) for sender in self._senders.values()) >= MAX_WAITING:
            raise Unavailable("too many commands are waiting for the store")
        role, subject, *scope = actor
        head = [log_key(workspace), workspace, role, subject, command_id, "", "" if now is None else str(now)]
        arguments = [*head, *(_text(args.get(arg, "")) for arg in contract.args), *scope]
        position, body = await self._enqueue(self._library.functions[name], workspace, arguments)
        return Answer(position.decode(), body)

    def _enqueue(self, function: str, workspace: str, arguments: list[Any]) -> "asyncio.Future[Any]":
        loop = asyncio.get_running_loop()
        error = Unavailable("the store cannot be reached")
        call = Call(function, arguments, loop.create_future(), loop.time() + self._retry_for_s, error)
        if workspace not in self._home:
            self._home[workspace] = self._sender(self.primary_of(workspace))
        self._home[workspace].add(call)
        return call.future

    def _sender(self, url: str) -> Sender:
        sender = self._senders.get(url)
        if sender is None:
            sender = self._senders[url] = Sender(
                url, self._library, self._find_way, is_slotted=self.is_cluster, replicas=self._replicas
            )
        return sender

    async def _find_way(self, sender: Sender) -> None:
        """Ask where the primaries are by now, and send on, in order, what waits with a sender that is not its own.

        The sender has nothing out meanwhile, so no call of these workspaces is under way anywhere.
        """
        try:
            await self.locate()
        except Unavailable:
            return  # asked again after the sender's next attempt
        for workspace, home in self._home.items():
            if home is sender:
                self._home[workspace] = self._sender(self.primary_of(workspace))
        for call in sender.take_away(lambda call: self._home[call.workspace] is not sender):
            self._home[call.workspace].add(call)


def _text(value: object) -> str | bytes:
    return value if isinstance(value, (str, bytes)) else str(value)


async def _answers(redis: RawRedis, *, is_cluster: bool) -> bool:
    """Does it take commands? A cluster's server answers PING, too, while it refuses all others (CLUSTERDOWN)."""
    try:
        async with asyncio.timeout(PING_WITHIN_S):
            if is_cluster:
                return b"cluster_state:ok" in await redis.execute_command("CLUSTER", "INFO")
            return bool(await redis.ping())
    except (RedisError, OSError):
        return False


def _plain_cluster(url: StoreUrl) -> RawRedis:
    """Plain commands by key. It goes after MOVED and ASK by itself; commands of the engine never take this way."""
    options: dict[str, Any] = dict(parse_url(url.server(url.hosts[0])))
    is_tls = options.pop("connection_class", None) is SSLConnection
    for name in ("host", "port"):
        options.pop(name, None)
    return RedisCluster(
        startup_nodes=[ClusterNode(host, port) for host, port in url.hosts],
        ssl=is_tls,
        retry=Retry(ConstantBackoff(0.1), PLAIN_RETRIES),
        socket_timeout=ANSWER_WITHIN_S,
        **OPTIONS,
        **options,
    )
