"""The HTTP side of a node for tests: the whole application, its loops and the real server, but no port."""

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx2

from casebaton.auth import Scope
from casebaton.node.node import Node
from tests.node.world import settings

_ids = itertools.count(1)


class Caller:
    """Somebody with a token. Every change carries a fresh Idempotency-Key unless `key` says otherwise."""

    def __init__(self, client: httpx2.AsyncClient, headers: dict[str, str], workspace: str) -> None:
        self._client = client
        self._headers = headers
        self._root = f"/v1/{workspace}"

    async def get(self, path: str, *, accept: str = "*/*", **query: Any) -> httpx2.Response:
        """Read a path below the workspace."""
        headers = self._headers | {"Accept": accept}
        return await self._client.get(f"{self._root}/{path}", params=query, headers=headers)

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "",
        raw: bytes | None = None,
        **headers: str,
    ) -> httpx2.Response:
        """Change something: `body` as JSON, or `raw` bytes as they are; `key` None sends no Idempotency-Key.

        More headers are written like `if_match`.
        """
        headers = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            headers["Idempotency-Key"] = key or f"k-{next(_ids)}"
        content = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        return await self._client.request(method, f"{self._root}/{path}", content=content, headers=headers)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """POST."""
        return await self.send("POST", path, body, **options)

    async def put(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """PUT."""
        return await self.send("PUT", path, body, **options)

    async def delete(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """DELETE."""
        return await self.send("DELETE", path, body, **options)

    async def patch(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """PATCH."""
        return await self.send("PATCH", path, body, **options)

    async def submit(self, case: str, queue: str = "support", **fields: Any) -> Any:
        """Submit a case that must be accepted; its brief."""
        body = {"queue": queue, "subject": f"About {case}", "case": case} | fields
        return ok(await self.post("cases", body), 201)


class Api:
    """A node's HTTP side."""

    def __init__(self, node: Node, client: httpx2.AsyncClient) -> None:
        self.node = node
        self.client = client

    def signed_in(
        self, role: str, subject: str, *, workspace: str = "acme", at: str = "", scope: Scope | None = None
    ) -> Caller:
        """Somebody with a good token of `workspace`, who calls workspace `at` (by default the same)."""
        token = self.node.tokens.sign(workspace, role, subject, ttl_s=60, scope=scope)  # type: ignore[arg-type]  # also a role that there is not
        return Caller(self.client, {"Authorization": f"Bearer {token}"}, at or workspace)

    @property
    def crm(self) -> Caller:
        """A producer."""
        return self.signed_in("producer", "crm")

    @property
    def sue(self) -> Caller:
        """A supervisor."""
        return self.signed_in("supervisor", "sue")

    @property
    def ann(self) -> Caller:
        """An admin."""
        return self.signed_in("admin", "ann")

    @property
    def ana(self) -> Caller:
        """An agent in both queues."""
        return self.signed_in("agent", "ana")

    @asynccontextmanager
    async def online(self, agent: str) -> AsyncIterator[Self]:
        """The agent, connected and online while the block runs."""
        actor = ("agent", agent)
        await self.node.store.run("take_lease", "acme", ("engine", "elsewhere"), node="elsewhere", lease_ms=60_000)
        await self.node.store.run(
            "connect", "acme", actor, connection=f"{agent}-1", node="elsewhere", lease_ms=60_000, limit=10
        )
        await self.node.store.run("set_status", "acme", actor, status="online", channels="*")
        yield self
        await self.node.store.run("disconnect", "acme", actor, connection=f"{agent}-1", node="elsewhere")


def ok(response: httpx2.Response, status: int = 200) -> Any:
    """The answer to a change that must be accepted."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"ok", "position"}
    return body["ok"]


def problem(response: httpx2.Response, status: int, code: str) -> Any:
    """The problem document of a refusal: status, type and code must be these."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert set(body) - {"current", "faults"} == {"type", "title", "status", "detail", "code", "retryable"}
    assert body["type"].endswith(f"/errors.md#{code.lower()}")
    return body


@asynccontextmanager
async def open_api(redis_url: str, **changes: Any) -> AsyncIterator[Api]:
    """A node without a port for as long as the block runs; in dev mode asked as localhost."""
    base_url = "http://localhost:8000" if changes.get("dev") else "http://node.example"
    node = Node(settings(**changes), redis_url)
    await node.store.load()
    async with node.app.router.lifespan_context(node.app):
        transport = httpx2.ASGITransport(app=node.app, raise_app_exceptions=True)
        async with httpx2.AsyncClient(transport=transport, base_url=base_url) as client:
            yield Api(node, client)
