"""Tokens: only what this server signed, for this audience, in time."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from casebaton.auth import ROLES, Identity, Role, Scope, Tokens, read_secret
from casebaton.errors import Invalid, Unauthenticated

SECRET = "a secret that only the tests know: 0123456789"
NOW = 1_800_000_000.0
CLAIMS = {"aud": "casebaton", "workspace": "acme", "role": "agent", "sub": "ana", "exp": NOW + 60}


class Clock:
    """Unix seconds that stand still."""

    now = NOW

    def __call__(self) -> float:
        return self.now


def tokens(secret: str = SECRET, clock: Clock | None = None) -> Tokens:
    return Tokens(secret, clock=clock or Clock())


def signed(claims: Any, *, algorithm: str = "HS256", secret: str = SECRET) -> str:
    return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(secret), algorithms=[algorithm])


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def part(value: Any) -> str:
    return encoded(json.dumps(value).encode())


@pytest.mark.parametrize("role", ROLES)
def test_a_signed_token_says_who_where_and_until_when(role: Role) -> None:
    assert tokens().verify(tokens().sign("acme", role, "ana", ttl_s=60)) == Identity("acme", role, "ana", NOW + 60)


def test_an_identity_is_an_actor_of_the_engine() -> None:
    assert Identity("acme", "producer", "crm", 0).actor == ("producer", "crm")
    scoped = Identity("acme", "supervisor", "sue", 0, Scope(("billing",), ("Nord & Süd",)))
    assert scoped.actor == ("supervisor", "sue", '{"queues":["billing"],"teams":["Nord & Süd"]}')


def test_a_supervisors_token_may_carry_a_scope() -> None:
    scope = Scope(("billing",), ("north",))
    signed = tokens().sign("acme", "supervisor", "sue", ttl_s=60, scope=scope)
    assert tokens().verify(signed) == Identity("acme", "supervisor", "sue", NOW + 60, scope)
    nothing = tokens().sign("acme", "supervisor", "sue", ttl_s=60, scope=Scope())
    assert tokens().verify(nothing).scope == Scope(), "an empty scope is nothing, not everything"


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"supervisor"}))
def test_nobody_else_has_a_scope(role: Role) -> None:
    with pytest.raises(Invalid, match="only a supervisor"):
        tokens().sign("acme", role, "ana", ttl_s=60, scope=Scope(("billing",)))
    with pytest.raises(Unauthenticated):
        tokens().verify(signed(CLAIMS | {"role": role, "scope": {"queues": ["billing"]}}))


@pytest.mark.parametrize(
    "bad", [None, [], "billing", {"queues": "billing"}, {"queues": ["a b"]}, {"teams": [""]}, {"teams": ["x" * 201]},
            {"queues": ["a"] * 65}, {"queue": ["billing"]}],
)  # fmt: skip
def test_a_scope_of_the_wrong_shape_is_no_scope_and_no_token(bad: object) -> None:
    with pytest.raises(Unauthenticated):
        tokens().verify(signed(CLAIMS | {"role": "supervisor", "scope": bad}))


def test_a_scope_is_not_signed_with_what_would_not_be_read() -> None:
    for queues, teams in ((("a b",), ()), ((), ("",)), (("a",) * 65, ())):
        with pytest.raises(Invalid, match="scope: at most 64 queues"):
            tokens().sign("acme", "supervisor", "sue", ttl_s=60, scope=Scope(queues, teams))


def test_a_token_ends_at_its_very_second() -> None:
    clock = Clock()
    token = tokens().sign("acme", "agent", "ana", ttl_s=60)
    clock.now = NOW + 59.9
    assert tokens(clock=clock).verify(token).subject == "ana"
    clock.now = NOW + 60
    with pytest.raises(Unauthenticated, match="expired"):
        tokens(clock=clock).verify(token)


def test_another_servers_token_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="not valid"):
        tokens().verify(tokens("another secret, just as long: 0123456789").sign("acme", "agent", "ana", ttl_s=60))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_only_one_algorithm_is_accepted(algorithm: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens().verify(signed(CLAIMS, algorithm=algorithm, secret=SECRET * 2))
    with pytest.raises(Unauthenticated):
        tokens().verify(signed(CLAIMS, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "RS256", "HS256 "])
def test_an_unsigned_token_is_refused(algorithm: str | None) -> None:
    head = part({"alg": algorithm})
    for signature in ("", signed(CLAIMS).rpartition(".")[2]):
        with pytest.raises(Unauthenticated):
            tokens().verify(f"{head}.{part(CLAIMS)}.{signature}")


@pytest.mark.parametrize("changed", [{"role": "admin"}, {"sub": "bo"}, {"workspace": "other"}, {"exp": NOW + 1e6}])
def test_claims_changed_after_signing_are_refused(changed: dict[str, Any]) -> None:
    head, _, signature = signed(CLAIMS).split(".")
    with pytest.raises(Unauthenticated):
        tokens().verify(f"{head}.{part(CLAIMS | changed)}.{signature}")


@pytest.mark.parametrize("missing", CLAIMS)
def test_no_claim_may_be_missing(missing: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens().verify(signed({name: value for name, value in CLAIMS.items() if name != missing}))


@pytest.mark.parametrize(
    "bad",
    [
        {"aud": "elsewhere"},
        {"aud": ["casebaton", "elsewhere"]},
        {"role": "root"},
        {"role": ["agent"]},
        {"sub": "a:b"},
        {"sub": ""},
        {"sub": 5},
        {"workspace": "a}b"},
        {"workspace": "../x"},
        {"exp": "tomorrow"},
        {"exp": None},
        {"exp": True},
    ],
)
def test_a_claim_of_the_wrong_shape_is_refused_however_well_signed(bad: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        tokens().verify(signed(CLAIMS | bad))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "x" * 5000,
        "ä.ö.ü",
        "\0",
        f"{part([])}.{part({})}.x",
        f"{part({'alg': 'HS256'})}.{part([])}.",
    ],
)
def test_what_is_no_token_is_refused_like_any_other(text: str) -> None:
    with pytest.raises(Unauthenticated):
        tokens().verify(text)


@pytest.mark.parametrize("payload", [b"[]", b"5", b"null", b"\xff", b"", b"{", b"[" * 5000])
def test_claims_that_are_no_object_are_refused(payload: bytes) -> None:
    signed_part = f"{part({'alg': 'HS256'})}.{encoded(payload)}"
    mac = hmac.new(SECRET.encode(), signed_part.encode(), hashlib.sha256).digest()
    with pytest.raises(Unauthenticated):
        tokens().verify(f"{signed_part}.{encoded(mac)}")


@pytest.mark.parametrize("head", [b"[]", b"\xff", b"{", b"[" * 5000, b'{"alg":' + b"[" * 5000])
def test_a_head_that_is_no_object_is_refused(head: bytes) -> None:
    with pytest.raises(Unauthenticated):
        tokens().verify(f"{encoded(head)}.{part(CLAIMS)}.x")


@pytest.mark.parametrize("field", ["crit", "b64", "kid", "typ", "jwk", "cty", "zip", "enc", "alg"])
@pytest.mark.parametrize("value", [1, None, True, [], [1], {}, "x", 1.5])
def test_whatever_a_head_says_an_unsigned_token_is_refused(field: str, value: object) -> None:
    with pytest.raises(Unauthenticated):
        tokens().verify(f"{part({'alg': 'HS256', field: value})}.{part(CLAIMS)}.x")


def test_a_refusal_never_repeats_the_token() -> None:
    token = signed(CLAIMS | {"sub": "secret canary"})
    with pytest.raises(Unauthenticated) as caught:
        tokens().verify(token)
    assert token not in str(caught.value)
    assert "canary" not in str(caught.value)


def test_the_secret_is_made_once_and_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    data_dir = tmp_path / "deep" / "data"
    secret = read_secret(data_dir)
    assert len(secret) >= 32
    assert read_secret(data_dir) == secret
    assert (data_dir / "auth_secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["auth_secret"]


def test_two_data_directories_have_two_secrets(tmp_path: Path) -> None:
    assert read_secret(tmp_path / "a") != read_secret(tmp_path / "b")


def test_whoever_loses_the_race_for_the_secret_reads_the_winners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Path.hardlink_to

    def late(self: Path, target: Path) -> None:
        self.write_text("the winner's")
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", late)
    assert read_secret(tmp_path) == "the winner's"
    assert [path.name for path in tmp_path.iterdir()] == ["auth_secret"]


# -- names -----------------------------------------------------------------------------------------------------------


def test_a_token_may_say_what_its_subject_is_called() -> None:
    token = tokens().sign("acme", "supervisor", "sue", ttl_s=60, name="Sue Müller")
    assert tokens().verify(token).name == "Sue Müller"
    with pytest.raises(Invalid, match="name: at most 200"):
        tokens().sign("acme", "supervisor", "sue", ttl_s=60, name="x" * 201)


@pytest.mark.parametrize("bad", [None, 5, ["Sue"], {}, "x" * 201])
def test_a_name_that_is_none_is_ignored(bad: object) -> None:
    assert tokens().verify(signed(CLAIMS | {"name": bad})).name == ""


# -- renewal ---------------------------------------------------------------------------------------------------------


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, OctKey.import_key(SECRET)).claims)


def test_a_renewed_token_lives_as_long_as_the_first_and_is_the_same_otherwise() -> None:
    clock = Clock()
    scope = Scope(("billing",), ("north",))
    first = tokens(clock=clock).sign("acme", "supervisor", "sue", ttl_s=60, scope=scope, name="Sue")
    clock.now = NOW + 50
    second = tokens(clock=clock).renew(first, session_s=3600)
    assert tokens(clock=clock).verify(second) == Identity("acme", "supervisor", "sue", NOW + 110, scope, "Sue")
    clock.now = NOW + 100
    third = tokens(clock=clock).renew(second, session_s=3600)
    assert claims_of(third) == claims_of(first) | {"iat": NOW + 100, "exp": NOW + 160, "auth_time": NOW}


def test_no_renewed_token_outlives_the_session() -> None:
    clock = Clock()
    token = tokens(clock=clock).sign("acme", "agent", "ana", ttl_s=60)
    for seconds in (50, 100, 120):
        clock.now = NOW + seconds
        token = tokens(clock=clock).renew(token, session_s=130)
    assert claims_of(token)["exp"] == NOW + 130
    clock.now = NOW + 130
    with pytest.raises(Unauthenticated, match="expired"):
        tokens(clock=clock).renew(token, session_s=130)
    longer = tokens(clock=clock).sign("acme", "agent", "ana", ttl_s=1000)
    clock.now = NOW + 270
    with pytest.raises(Unauthenticated, match="the session is over"):
        tokens(clock=clock).renew(longer, session_s=130)


def test_a_token_made_for_longer_than_a_session_holds_until_its_own_end() -> None:
    clock = Clock()
    longer = tokens(clock=clock).sign("acme", "producer", "crm", ttl_s=1000)
    clock.now = NOW + 10
    assert claims_of(tokens(clock=clock).renew(longer, session_s=130))["exp"] == NOW + 130
    clock.now = NOW + 999
    assert tokens(clock=clock).verify(longer).expires_at == NOW + 1000


def test_what_is_not_valid_is_not_renewed() -> None:
    clock = Clock()
    other = tokens("another secret, just as long: 0123456789", clock).sign("acme", "agent", "ana", ttl_s=60)
    expired = tokens(clock=clock).sign("acme", "agent", "ana", ttl_s=60)
    clock.now = NOW + 60
    for token in (other, expired, "nonsense", signed(CLAIMS | {"exp": NOW + 100, "iat": NOW, "role": "root"})):
        with pytest.raises(Unauthenticated):
            tokens(clock=clock).renew(token, session_s=3600)


@pytest.mark.parametrize("times", [{}, {"iat": "now"}, {"iat": None}, {"iat": NOW, "auth_time": "then"}])
def test_a_token_that_does_not_tell_when_it_was_made_is_not_renewed(times: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated, match="when it was made"):
        tokens().renew(signed(CLAIMS | times), session_s=3600)


def test_a_token_of_another_maker_keeps_its_own_claims_but_for_its_id() -> None:
    renewed = claims_of(tokens().renew(signed(CLAIMS | {"iat": NOW - 5, "jti": "a", "shift": 3}), session_s=3600))
    assert renewed == CLAIMS | {"iat": NOW, "exp": NOW + 65, "auth_time": NOW - 5, "shift": 3}
