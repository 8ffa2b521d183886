"""The node's settings: one struct; flags win over `CASEBATON_*`, those over the TOML file, that over the defaults."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from casebaton.errors import Invalid

PREFIX = "CASEBATON_"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Durability = Literal["always", "everysec"]


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings of a node. Durations end in `_s` (seconds) or `_ms`."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    redis_url: str = ""
    redis_binary: str = ""
    data_dir: str = "casebaton-data"
    durability: Durability = "always"
    auth_secret: str = ""
    dev: bool = False
    origins: list[str] = []
    lease_ms: Annotated[int, Meta(ge=1000, le=60000)] = 5000
    hello_timeout_s: Annotated[float, Meta(gt=0, le=60)] = 5
    ping_interval_s: Annotated[float, Meta(gt=0, le=300)] = 10
    frame_bytes: Annotated[int, Meta(ge=1024, le=1 << 20)] = 65536
    body_bytes: Annotated[int, Meta(ge=1024, le=1 << 26)] = 1 << 20
    outbox_bytes: Annotated[int, Meta(ge=1 << 16, le=1 << 26)] = 1 << 20
    commands_per_second: Annotated[int, Meta(ge=1, le=100000)] = 50
    producer_commands_per_second: Annotated[int, Meta(ge=1, le=100000)] = 5000
    connections_per_agent: Annotated[int, Meta(ge=1, le=100)] = 10
    keep_log_entries: Annotated[int, Meta(ge=1000)] = 200_000
    drain_s: Annotated[float, Meta(ge=0, le=300)] = 2
    log_level: Literal["debug", "info", "warning", "error"] = "info"


def load(
    flags: Mapping[str, Any] | None = None, *, file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Merge all sources into settings. Raises Invalid with the name and the source of a bad value."""
    environ = os.environ if environ is None else environ
    merged: dict[str, Any] = {}
    if file is not None:
        try:
            merged.update(tomllib.loads(file.read_text()))
        except (OSError, ValueError) as error:  # unreadable, not UTF-8, or not TOML
            raise Invalid(f"{file}: {error}") from error
    for name in Settings.__struct_fields__:
        value = environ.get(PREFIX + name.upper())
        if value is not None:
            merged[name] = value.split(",") if name == "origins" else value
    merged.update({name: value for name, value in (flags or {}).items() if value is not None})
    try:
        settings = msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(f"settings: {error}") from error
    if settings.dev and settings.host not in LOOPBACK:
        raise Invalid(f"settings: dev sign-in binds loopback only, not {settings.host}")
    if settings.auth_secret and len(settings.auth_secret) < 32:
        raise Invalid("settings: auth_secret needs at least 32 characters")
    return settings
