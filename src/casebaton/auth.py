"""Tokens: HS256 JWTs with workspace, role and subject. Nothing else is accepted."""

import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

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
NAME_LENGTH = 200
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
    name: str = ""  # to be shown; of agents the workspace's own counts

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
    name: Any = None  # as whoever made the token pleased: one that is no name is none


class _Times(Struct):
    """What a token has to say to be renewed. `auth_time` is when its subject signed in, in every token since."""

    iat: float
    exp: float
    auth_time: float | UnsetType = UNSET


def read_scope(role: Role, queues: Iterable[str], teams: Iterable[str]) -> Scope:
    """Make a scope of names. Raises Invalid."""
    if role != SCOPED:
        raise Invalid(f"scope: only a {SCOPED} has one")
    try:
        return msgspec.convert({"queues": list(queues), "teams": list(teams)}, Scope)
    except msgspec.ValidationError as error:
        raise Invalid("scope: at most 64 queues (ids) and 64 teams (1 to 200 characters)") from error


def _read_name(name: str) -> str:
    if len(name) > NAME_LENGTH:
        raise Invalid(f"name: at most {NAME_LENGTH} characters")
    return name


class Tokens:
    """Signs and verifies tokens with one shared secret."""

    def __init__(self, secret: str, *, clock: Callable[[], float] = time.time) -> None:
        self._key = OctKey.import_key(secret)
        self._clock = clock

    def sign(
        self,
        workspace: str,
        role: Role,
        subject: str,
        *,
        ttl_s: float,
        scope: Scope | None = None,
        name: str = "",
    ) -> str:
        """Make a token that lives `ttl_s` seconds; `name` is what the subject is called.

        Raises Invalid for a workspace or subject that is not an id, and for a scope that is none or not a supervisor's.
        """
        now = int(self._clock())
        more = {} if scope is None else {"scope": msgspec.to_builtins(read_scope(role, scope.queues, scope.teams))}
        if name:
            more["name"] = _read_name(name)
        claims = {
            "aud": AUDIENCE,
            "workspace": read_id("workspace", workspace),
            "role": role,
            "sub": read_id("subject", subject),
            "iat": now,
            "exp": now + int(ttl_s),
            **more,
        }
        return jwt.encode({"alg": "HS256"}, claims, self._key)

    def renew(self, token: str, *, session_s: int) -> str:
        """Make a token of the same claims that lives as long as this one was made for, and at most until `session_s`
        after the first one's making. Raises Unauthenticated: it is no valid token, does not tell when it was made, or
        the session is over.
        """
        self.verify(token)
        claims = dict(jwt.decode(token, self._key, algorithms=["HS256"]).claims)
        try:
            times = msgspec.convert(claims, _Times)
        except msgspec.ValidationError as error:
            raise Unauthenticated("the token does not tell when it was made (iat): sign in again") from error
        signed_in_at = int(times.iat if times.auth_time is UNSET else times.auth_time)
        now = int(self._clock())
        if now >= signed_in_at + session_s:
            raise Unauthenticated("the session is over: sign in again")
        claims.pop("jti", None)  # it is another token
        exp = min(now + int(times.exp - times.iat), signed_in_at + session_s)
        claims |= {"iat": now, "auth_time": signed_in_at, "exp": exp}
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
        name = claims.name if isinstance(claims.name, str) and len(claims.name) <= NAME_LENGTH else ""
        return Identity(claims.workspace, claims.role, claims.sub, claims.exp, scope, name)


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
