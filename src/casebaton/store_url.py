"""How a store's address is written: one server, a primary that Sentinels know, or a cluster.

    redis://user:password@host:port/db     rediss:// for TLS     unix:///path
    redis+sentinel://user:password@host:port,host:port/primary-name
    redis+cluster://user:password@host:port,host:port

User, password and options are those of the servers that hold the data. Sentinels are asked without a password.
"""

from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

HOW = (
    "write it as redis://host:port, rediss://host:port for TLS, unix:///path, "
    "redis+sentinel://host:port,host:port/primary-name or redis+cluster://host:port,host:port"
)
SENTINEL_PORT = 26379
PORT = 6379

Kind = Literal["single", "sentinel", "cluster"]
Host = tuple[str, int]


class StoreUrl(Struct, frozen=True):
    """A store's address in parts. `hosts` are the Sentinels, or any servers of the cluster; `name` is the primary's.

    Of a single server the `whole` URL says it all.
    """

    kind: Kind
    whole: str
    scheme: str
    user: str = ""
    hosts: tuple[Host, ...] = ()
    name: str = ""
    query: str = ""

    def server(self, host: Host) -> str:
        """The URL of one server that holds data."""
        user = f"{self.user}@" if self.user else ""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{user}{_bracketed(host[0])}:{host[1]}{query}"

    def sentinel(self, host: Host) -> str:
        """The URL of a Sentinel."""
        return f"{self.scheme}://{_bracketed(host[0])}:{host[1]}"

    def without_secrets(self) -> str:
        """The address for people."""
        scheme, _, rest = self.whole.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def parse(url: str) -> StoreUrl:
    """Raises ValueError when it is no store's address."""
    scheme, _, rest = url.partition("://")
    base, _, kind = scheme.partition("+")
    if kind == "" and base == scheme:
        return _single(url, base)
    if kind not in ("sentinel", "cluster") or base not in ("redis", "rediss"):
        raise ValueError("the scheme is unknown")
    rest, _, query = rest.partition("?")
    authority, _, name = rest.partition("/")
    user, _, listed = authority.rpartition("@")
    default = SENTINEL_PORT if kind == "sentinel" else PORT
    hosts = tuple(_host(each, default) for each in listed.split(","))
    if kind == "sentinel" and name and "/" not in name:
        return StoreUrl("sentinel", url, base, user, hosts, name, query)
    if kind == "cluster" and not name:
        return StoreUrl("cluster", url, base, user, hosts, "", query)
    raise ValueError("Sentinels need the name of one primary, and a cluster has none")


def _single(url: str, scheme: str) -> StoreUrl:
    parts = urlsplit(url)
    is_good = bool(parts.path) if scheme == "unix" else bool(parts.hostname) and parts.port != 0
    if scheme not in ("redis", "rediss", "unix") or not is_good:
        raise ValueError("a part is missing, or the scheme is unknown")
    return StoreUrl("single", url, scheme)


def _host(text: str, default: int) -> Host:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port == 0 or parts.path or parts.username is not None:
        raise ValueError("not a list of host:port")
    return parts.hostname, parts.port or default


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
