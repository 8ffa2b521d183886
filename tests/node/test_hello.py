"""Who is let in over a websocket, and for how long."""

import json
import time
from typing import Any

import pytest
from structlog.testing import capture_logs
from websockets.exceptions import InvalidStatus

from casebaton import __version__
from casebaton.auth import ROLES, Scope
from casebaton.store.client import StoreClient
from casebaton.wire.session import (
    BAD_FRAME,
    NO_WORKSPACE,
    NOT_ALLOWED,
    TOO_MANY_CONNECTIONS,
    UNAUTHENTICATED,
    WRONG_PROTOCOL,
)
from tests.node.world import RunningNode, run_node, until_left

# -- hello -----------------------------------------------------------------------------------------------------------


async def test_the_welcome_says_who_and_what_the_limits_are(node: RunningNode) -> None:
    before_ms = time.time() * 1000
    async with node.signed_in("producer", "crm") as crm, node.signed_in("agent", "ana") as ana:
        assert (crm.welcome["workspace"], crm.welcome["role"], crm.welcome["subject"]) == ("acme", "producer", "crm")
        assert crm.welcome["snapshot"] == {}
        assert crm.welcome["limits"] == {"frame_bytes": 65536, "commands_per_second": 5000, "connections": 10}
        assert ana.welcome["limits"]["commands_per_second"] == 50
        assert ana.welcome["server_time_ms"] == ana.welcome["snapshot"]["at_ms"]
        assert before_ms - 1 < ana.welcome["server_time_ms"] <= time.time() * 1000


async def test_the_welcome_says_what_the_token_says_and_who_answers(node: RunningNode) -> None:
    scope = Scope(("pool",))
    sign = node.node.tokens.sign
    async with node.socket() as sam, node.socket() as ana:
        token = sign("acme", "supervisor", "sam", ttl_s=60, scope=scope, name="Sam Park")
        await sam.hello(token)
        assert (sam.welcome["name"], sam.welcome["scope"]) == ("Sam Park", {"queues": ["pool"], "teams": []})
        assert sam.welcome["expires_at_ms"] == node.node.tokens.verify(token).expires_at * 1000
        assert (sam.welcome["node"], sam.welcome["version"]) == (node.node.lease.node, __version__)
        await ana.hello(sign("acme", "agent", "ana", ttl_s=60, name="somebody else"))
        assert (ana.welcome["name"], "scope" in ana.welcome) == ("ana", False)


async def test_a_renewed_token_keeps_the_connection(store: StoreClient) -> None:
    async with run_node(store.url, session_s=3600) as node, node.signed_in("agent", "ana") as ana:
        renewed = node.node.tokens.renew(node.token("agent", "ana"), session_s=3600)
        assert "ok" in await ana.command("refresh_token", token=renewed)


async def test_without_a_hello_in_time_the_connection_ends(store: StoreClient) -> None:
    async with run_node(store.url, hello_timeout_s=0.2) as node, node.socket() as socket:
        assert await socket.closed() == (UNAUTHENTICATED, "no hello in time")


async def test_a_frame_that_is_too_large_does_not_win_time_for_the_hello(store: StoreClient) -> None:
    async with run_node(store.url, hello_timeout_s=0.2) as node, node.socket() as socket:
        await socket.send("x" * 70_000)
        assert (await socket.receive())["error"]["code"] == "FRAME_TOO_LARGE"
        assert (await socket.closed())[0] == UNAUTHENTICATED


async def refused_hello(node: RunningNode, token: str, *, workspace: str = "acme") -> tuple[str, int]:
    """A hello that must fail: the error's code, the close code."""
    async with node.socket(workspace) as socket:
        refusal = await socket.hello(token)
        assert token not in json.dumps(refusal)
        return refusal["error"]["code"], (await socket.closed())[0]


async def test_a_bad_token_needs_a_new_one(node: RunningNode) -> None:
    expired = node.token("agent", "ana", ttl_s=-1)
    for token in (expired, "nonsense", "a.b.c", node.token("agent", "ana") + "x"):
        assert await refused_hello(node, token) == ("UNAUTHENTICATED", UNAUTHENTICATED)


async def test_a_token_of_another_workspace_is_not_allowed(node: RunningNode) -> None:
    foreign = node.token("agent", "ana", workspace="other")
    assert await refused_hello(node, foreign) == ("FORBIDDEN", NOT_ALLOWED)


async def test_a_refused_hello_is_nothing_that_the_node_warns_of(node: RunningNode) -> None:
    with capture_logs() as said:
        await refused_hello(node, node.token("agent", "nobody"))
        await refused_hello(node, node.token("agent", "ana", workspace="nowhere"), workspace="nowhere")
        await until_left(node, 0)
    assert said == []


@pytest.mark.parametrize("role", ROLES)
async def test_a_workspace_that_is_not_there_is_said_to_be_so(node: RunningNode, role: str) -> None:
    token = node.token(role, "ana", workspace="nowhere")
    assert await refused_hello(node, token, workspace="nowhere") == ("NO_SUCH_WORKSPACE", NO_WORKSPACE)


async def test_an_agent_who_is_not_in_the_roster_is_not_allowed(node: RunningNode) -> None:
    assert await refused_hello(node, node.token("agent", "nobody")) == ("UNKNOWN_AGENT", NOT_ALLOWED)


async def test_an_agent_has_so_many_connections_and_no_more(store: StoreClient) -> None:
    async with (
        run_node(store.url, connections_per_agent=2) as node,
        node.signed_in("agent", "ana"),
        node.signed_in("agent", "ana") as second,
    ):
        assert await refused_hello(node, node.token("agent", "ana")) == ("TOO_MANY_CONNECTIONS", TOO_MANY_CONNECTIONS)
        async with node.signed_in("agent", "bo") as bo:
            assert bo.welcome["type"] == "welcome"
        await second.raw.close()
        await until_left(node, 1)
        async with node.signed_in("agent", "ana") as third:
            assert third.welcome["type"] == "welcome"


async def test_another_protocol_or_no_protocol_at_all_ends_the_connection(node: RunningNode) -> None:
    async with node.socket() as socket:
        await socket.send({"type": "hello", "token": node.token("agent", "ana"), "protocol": 2})
        assert (await socket.reply(None))["error"]["code"] == "WRONG_PROTOCOL"
        assert await socket.closed() == (WRONG_PROTOCOL, "this server speaks protocol 1")
    async with node.socket() as socket:
        await socket.send("GET / HTTP/1.1")
        assert (await socket.closed())[0] == BAD_FRAME
        assert socket.seen[0]["error"]["code"] == "NOT_JSON"


async def test_a_frame_that_is_no_utf8_ends_only_its_own_connection(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("agent", "ana") as other:
        await ana.raw.send(b"\xff\xfe", text=True)
        assert (await ana.closed())[0] == 1007
        assert (await other.command("set_status", status="busy"))["ok"]["status"] == "busy"


@pytest.mark.parametrize(
    "frame", ['{"type":"fly","id":"c-1","x":' + "[" * 30_000, b'{"type":"fly","x":"\xff","id":"c-1"}']
)
async def test_a_hostile_frame_is_answered_and_the_connection_lives(node: RunningNode, frame: str | bytes) -> None:
    async with node.signed_in("agent", "ana") as ana:
        await ana.send(frame)
        assert (await ana.receive())["error"]["code"] == "INVALID"
        assert (await ana.command("set_status", status="busy"))["ok"]["status"] == "busy"


# -- the token while the session runs --------------------------------------------------------------------------------


async def test_a_session_ends_with_its_token_and_lives_on_with_a_newer_one(node: RunningNode) -> None:
    token = node.token("agent", "ana", ttl_s=5)
    async with node.socket() as old, node.socket() as renewed:
        await renewed.hello(token)
        await old.hello(token)
        assert "ok" in await renewed.command("refresh_token", token=node.token("agent", "ana"))
        assert await old.closed() == (UNAUTHENTICATED, "the token has expired")
        assert (await renewed.command("set_status", status="busy"))["ok"]["status"] == "busy"


async def test_a_refreshed_session_ends_with_the_newer_token(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana:
        assert "ok" in await ana.command("refresh_token", token=node.token("agent", "ana", ttl_s=3))
        assert await ana.closed() == (UNAUTHENTICATED, "the token has expired")


async def test_nobody_elses_token_refreshes_a_session(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana:
        others = [
            node.token("agent", "bo"),
            node.token("supervisor", "ana"),
            node.token("agent", "ana", workspace="other"),
        ]
        for token in others:
            assert (await ana.command("refresh_token", token=token))["error"]["code"] == "FORBIDDEN"
        for token in ("nonsense", node.token("agent", "ana", ttl_s=-1)):
            assert (await ana.command("refresh_token", token=token))["error"]["code"] == "UNAUTHENTICATED"
        assert (await ana.command("set_status", status="busy"))["ok"]["status"] == "busy"


# -- origins ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [None, "http://allowed.example"])
async def test_an_allowed_origin_or_none_at_all_is_let_in(node: RunningNode, origin: Any) -> None:
    async with node.signed_in("agent", "ana", origin=origin) as ana:
        assert ana.welcome["type"] == "welcome"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://allowed.example",
        "http://allowed.example:8080",
        "http://allowed.example:80",
        "http://allowed.example.evil.example",
        "http://evil.example/http://allowed.example",
        "http://notallowed.example",
        "HTTP://ALLOWED.EXAMPLE",
        "http://allowed.example/",
        "http://allowed.example,http://evil.example",
        "http://allowed.exampl\u00e9",
        "",
    ],
)
async def test_any_other_origin_is_refused_before_the_socket_opens(node: RunningNode, origin: Any) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with node.socket(additional_headers={"Origin": origin}):
            pass
    assert caught.value.response.status_code == 403
    assert not node.node.gateway.connections
