"""The node's settings: one struct; flags win over `CASEBATON_*`, those over the TOML file, that over the defaults."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from casebaton import store_url
from casebaton.errors import Invalid

PREFIX = "CASEBATON_"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NO_HISTORY = "none"

Durability = Literal["always", "everysec"]


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings of a node. Durations end in `_s` (seconds) or `_ms`."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    workers: Annotated[int, Meta(ge=1, le=64)] = 1
    redis_url: str = ""
    redis_binary: str = ""
    data_dir: str = "casebaton-data"
    durability: Durability = "always"
    replicas: Annotated[int, Meta(ge=0, le=5)] = 0
    auth_secret: str = ""
    session_s: Annotated[int, Meta(ge=0, le=30 * 86_400)] = 0
    dev: bool = False
    origins: list[str] = []
    lease_ms: Annotated[int, Meta(ge=1000, le=60000)] = 5000
    hello_timeout_s: Annotated[float, Meta(gt=0, le=60)] = 5
    ping_interval_s: Annotated[float, Meta(gt=0, le=300)] = 15
    frame_bytes: Annotated[int, Meta(ge=1024, le=1 << 20)] = 65536
    body_bytes: Annotated[int, Meta(ge=1024, le=1 << 26)] = 1 << 20
    outbox_bytes: Annotated[int, Meta(ge=1 << 16, le=1 << 26)] = 1 << 20
    commands_per_second: Annotated[int, Meta(ge=1, le=100000)] = 50
    producer_commands_per_second: Annotated[int, Meta(ge=1, le=100000)] = 5000
    connections_per_agent: Annotated[int, Meta(ge=1, le=100)] = 10
    keep_log_entries: Annotated[int, Meta(ge=1000)] = 200_000
    keep_log_s: Annotated[int, Meta(ge=3600)] = 86_400  # figures of the last hour are counted from the log
    history_url: str = ""
    drain_s: Annotated[float, Meta(ge=0, le=300)] = 2
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    request_timeout_s: Annotated[int, Meta(ge=1, le=300)] = 20


class _Given:
    """The values given so far, and where each was given: as its giver would write it."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.sources: dict[str, str] = {}

    def add(self, name: str, value: Any, source: str) -> None:
        """Take a value; it wins over an earlier one."""
        self.values[name] = value
        self.sources[name] = source

    def add_file(self, file: Path) -> None:
        """Take what a TOML file says. Raises Invalid."""
        try:
            said = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:  # unreadable, not UTF-8, or not TOML
            raise Invalid(f"{file}: {error}") from error
        for name, value in said.items():
            if name not in Settings.__struct_fields__:
                raise Invalid(f"{file}: there is no setting {name}")
            self.add(name, value, f"{file}: {name}")

    def check(self) -> Settings:
        """All of it as settings. Raises Invalid with the source of a bad value."""
        try:
            return msgspec.convert(self.values, Settings, strict=False)
        except msgspec.ValidationError as error:
            reason, _, path = str(error).rpartition(" - at ")
            name = re.match(r"`\$\.(\w+)", path)
            source = self.sources[name[1]] if name else "settings"
            raise Invalid(f"{source}: {reason[:1].lower()}{reason[1:]}") from error


def load(
    flags: Mapping[str, Any] | None = None, *, file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Merge all sources into settings. Raises Invalid with the source of a bad value."""
    environ = os.environ if environ is None else environ
    given = _Given()
    if file is not None:
        given.add_file(file)
    for name in Settings.__struct_fields__:
        value = environ.get(PREFIX + name.upper())
        if value is not None:
            given.add(name, value.split(",") if name == "origins" else value, PREFIX + name.upper())
    for name, value in (flags or {}).items():
        if value is not None:
            given.add(name, value, f"--{name.replace('_', '-')}")
    settings = given.check()
    _check_together(settings, given.sources)
    return settings


def _check_together(settings: Settings, said: Mapping[str, str]) -> None:
    """What a field's type does not say. Raises Invalid."""
    if settings.dev and settings.host not in LOOPBACK:
        raise Invalid(f"{said['dev']}: sign-in by name is loopback only, which {said['host']} {settings.host} is not")
    if settings.auth_secret and len(settings.auth_secret) < 32:
        raise Invalid(f"{said['auth_secret']}: it needs at least 32 characters")
    if settings.redis_url:
        try:
            store_url.parse(settings.redis_url)
        except ValueError:
            raise Invalid(f"{said['redis_url']}: not a store's address: {store_url.HOW}") from None
    if settings.history_url not in ("", NO_HISTORY) and not _is_postgresql(settings.history_url):
        raise Invalid(
            f"{said['history_url']}: not a history's address: write it as postgresql://user:password@host/database, "
            f"or {NO_HISTORY}; without one it is in the data directory"
        )


def _is_postgresql(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = url.startswith("postgresql://") and not parts.netloc.endswith(":")
        return is_whole and parts.port != 0 and parts.path.strip("/") != ""
    except ValueError:
        return False
