"""Tokens: HS256 JWTs with workspace, role and subject. Nothing else is accepted."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

import msgspec
from joserfc import jwt
from joserfc.jwk import OctKey
from msgspec import Struct

from casebaton import data_dir
from casebaton.errors import Unauthenticated
from casebaton.wire.ids import read_id
from casebaton.wire.messages import Id

Role = Literal["agent", "supervisor", "producer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
AUDIENCE = "casebaton"
KEPT_IN = "auth_secret"


class Identity(Struct, frozen=True):
    """Who somebody is, in which workspace, until when (Unix seconds)."""

    workspace: str
    role: Role
    subject: str
    expires_at: float

    @property
    def actor(self) -> tuple[str, str]:
        """What the engine knows of the identity."""
        return self.role, self.subject


class _Claims(Struct):
    aud: Literal["casebaton"]
    workspace: Id
    role: Role
    sub: Id
    exp: float


class Tokens:
    """Signs and verifies tokens with one shared secret."""

    def __init__(self, secret: str, *, clock: Callable[[], float] = time.time) -> None:
        self._key = OctKey.import_key(secret)
        self._clock = clock

    def sign(self, workspace: str, role: Role, subject: str, *, ttl_s: float) -> str:
        """Make a token that lives `ttl_s` seconds. Raises Invalid for a workspace or subject that is not an id."""
        now = int(self._clock())
        claims = {
            "aud": AUDIENCE,
            "workspace": read_id("workspace", workspace),
            "role": role,
            "sub": read_id("subject", subject),
            "iat": now,
            "exp": now + int(ttl_s),
        }
        return jwt.encode({"alg": "HS256"}, claims, self._key)

    def verify(self, token: str) -> Identity:
        """Read a token. Raises Unauthenticated; the detail never repeats the token."""
        try:
            claims = msgspec.convert(jwt.decode(token, self._key, algorithms=["HS256"]).claims, _Claims)
        except Exception as error:  # a stranger's token makes joserfc raise more than its own errors (TypeError: crit)
            raise Unauthenticated("the token is not valid") from error
        if claims.exp <= self._clock():
            raise Unauthenticated("the token has expired")
        return Identity(claims.workspace, claims.role, claims.sub, claims.exp)


def has_secret(directory: Path) -> bool:
    """Has a secret been made there?"""
    return (directory / KEPT_IN).exists()


def read_secret(directory: Path) -> str:
    """The secret kept in the data directory, made at the first use; readable by its owner only. Raises OSError."""
    path = directory / KEPT_IN
    with data_dir.using(directory):
        if not has_secret(directory):
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                path.hardlink_to(draft)  # two starting at once: one wins, both read the same
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()
