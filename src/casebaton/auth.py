"""Tokens: HS256 JWTs with workspace, role and subject. Nothing else is accepted."""

import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from joserfc import jwt
from joserfc.jwk import OctKey
from msgspec import UNSET, Meta, Struct, UnsetType

from casebaton import data_dir
from casebaton.errors import Invalid, Unauthenticated
from casebaton.wire.ids import read_id
from casebaton.wire.words import Id

Team = Annotated[str, Meta(min_length=1, max_length=200)]
Role = Literal["agent", "supervisor", "producer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
AUDIENCE = "casebaton"
SCOPED: Role = "supervisor"
KEPT_IN = "auth_secret"


class Scope(Struct, frozen=True, forbid_unknown_fields=True):
    """What a supervisor sees and steers: these queues, and agents of these teams."""

    queues: Annotated[tuple[Id, ...], Meta(max_length=64)] = ()
    teams: Annotated[tuple[Team, ...], Meta(max_length=64)] = ()

    def covers(self, team: str, queues: Iterable[str]) -> bool:
        """Is an agent of this team, a member of these queues, within it?"""
        return team in self.teams or any(queue in self.queues for queue in queues)

    @property
    def text(self) -> str:
        """As the engine takes it."""
        return msgspec.json.encode(self).decode()


class Identity(Struct, frozen=True):
    """Who somebody is, in which workspace, until when (Unix seconds). Without a scope it is all of the workspace."""

    workspace: str
    role: Role
    subject: str
    expires_at: float
    scope: Scope | None = None

    @property
    def actor(self) -> tuple[str, str] | tuple[str, str, str]:
        """What the engine knows of the identity."""
        if self.scope is None:
            return self.role, self.subject
        return self.role, self.subject, self.scope.text


class _Claims(Struct):
    aud: Literal["casebaton"]
    workspace: Id
    role: Role
    sub: Id
    exp: float
    scope: Scope | UnsetType = UNSET


def read_scope(role: Role, queues: Iterable[str], teams: Iterable[str]) -> Scope:
    """Make a scope of names. Raises Invalid."""
    if role != SCOPED:
        raise Invalid(f"scope: only a {SCOPED} has one")
    try:
        return msgspec.convert({"queues": list(queues), "teams": list(teams)}, Scope)
    except msgspec.ValidationError as error:
        raise Invalid("scope: at most 64 queues (ids) and 64 teams (1 to 200 characters)") from error


class Tokens:
    """Signs and verifies tokens with one shared secret."""

    def __init__(self, secret: str, *, clock: Callable[[], float] = time.time) -> None:
        self._key = OctKey.import_key(secret)
        self._clock = clock

    def sign(self, workspace: str, role: Role, subject: str, *, ttl_s: float, scope: Scope | None = None) -> str:
        """Make a token that lives `ttl_s` seconds.

        Raises Invalid for a workspace or subject that is not an id, and for a scope that is none or not a supervisor's.
        """
        now = int(self._clock())
        limits = {} if scope is None else {"scope": msgspec.to_builtins(read_scope(role, scope.queues, scope.teams))}
        claims = {
            "aud": AUDIENCE,
            "workspace": read_id("workspace", workspace),
            "role": role,
            "sub": read_id("subject", subject),
            "iat": now,
            "exp": now + int(ttl_s),
            **limits,
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
        scope = None if claims.scope is UNSET else claims.scope
        if scope is not None and claims.role != SCOPED:
            raise Unauthenticated("the token is not valid")  # one that is wider than it says is none
        return Identity(claims.workspace, claims.role, claims.sub, claims.exp, scope)


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
