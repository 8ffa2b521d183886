"""`/v1/{workspace}/cases`: submit, read, list, and every command as a verb."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.auth import Identity
from casebaton.errors import CasebatonError, Forbidden, Invalid
from casebaton.http.problems import STATUS
from casebaton.http.requests import (
    PLACE,
    accepted,
    command_from,
    command_id,
    decode,
    identify,
    json,
    page_cursor,
    page_limit,
    path_id,
    read_body,
    run,
    services,
    shown,
)
from casebaton.service import commands
from casebaton.service.access import STEERING, any_of
from casebaton.store import workspaces
from casebaton.store.client import Answer
from casebaton.wire import frames, words
from casebaton.wire import messages as m
from casebaton.wire.ids import read_id

BATCH = 100
LIVE = ("waiting", "offered", "active", "parked", "wrapping")


async def submit(request: Request) -> Response:
    """One case, or a list of at most 100 with an `id` each; a list answers a result per item, in order."""
    identity = identify(request)
    body = await read_body(request)
    if body.lstrip()[:1] == b"[":
        return await _batch(request, identity, body, m.SubmitCase)
    command = command_from(body, m.SubmitCase, id=command_id(request))
    return accepted(await commands.execute(services(request).store, identity, command), 201)


async def act_on_many(request: Request) -> Response:
    """The same command on each of at most 100 cases, each with its `id`, `case` and fields; a result per item."""
    identity = identify(request)
    return await _batch(request, identity, await read_body(request), _verb(request))


def _verb(request: Request) -> type[m.CaseCommand]:
    shape = m.VERBS.get(request.path_params["verb"])
    if shape is None:
        raise CasebatonError("NO_SUCH_PAGE", f"verbs are {', '.join(m.VERBS)}")
    return shape


async def _batch(request: Request, identity: Identity, body: bytes, shape: type[m.CommandMessage]) -> Response:
    """Run a command per item, one after the other: one that is refused harms no other."""
    items = decode(body, list[msgspec.Raw])
    if not 1 <= len(items) <= BATCH:
        raise Invalid(f"$: expected 1 to {BATCH} cases")
    results: list[dict[str, object]] = []
    for i, item in enumerate(items):
        try:
            command = command_from(bytes(item), shape)
            answer = await commands.execute(services(request).store, identity, command)
            results.append({"ok": msgspec.Raw(answer.body), "position": answer.position})
        except CasebatonError as error:
            detail = error.detail.replace("$", f"$[{i}]", 1) if error.detail.startswith("$") else error.detail
            status = STATUS.get(error.code, 409)
            fault = frames.Fault(code=error.code, detail=detail, retryable=error.retryable, current=error.current)
            results.append({"error": fault, "status": status})
    return json(msgspec.json.encode({"results": results}), 207)


async def read(request: Request) -> Response:
    """One case with its data; the ETag is its revision."""
    answer = await commands.read_case(services(request).store, identify(request), path_id(request, "case"))
    place = msgspec.json.decode(answer.body, type=_Place)
    return shown(answer, ETag=f'"{place.revision}"')


async def update(request: Request) -> Response:
    """What the case says changes."""
    return await run(request, m.UpdateCase, case=request.path_params["case"])


async def act(request: Request) -> Response:
    """A command on the case, named by the path's last word."""
    identify(request)  # before anything is told of the path
    shape = _verb(request)
    return await run(request, shape, case=request.path_params["case"])


async def history(request: Request) -> Response:
    """A page of the case's events, newest first, as far as the log still holds them."""
    identity = identify(request)
    before, limit = page_cursor(request, words.POSITION), page_limit(request)
    store, case = services(request).store, path_id(request, "case")
    return shown(await commands.read_history(store, identity, case, before, limit, named="cursor"))


async def why(request: Request) -> Response:
    """Why the case is where it is: each agent who might get it, and what keeps it from the case."""
    answer = await commands.why_case(services(request).store, identify(request), path_id(request, "case"))
    return shown(answer)


async def notes(request: Request) -> Response:
    """The case's notes, oldest first."""
    identity = identify(request)
    return shown(await commands.read_notes(services(request).store, identity, path_id(request, "case")))


async def list_cases(request: Request) -> Response:
    """Live cases by where they are: of an agent, of a queue's line, or of all lines and then all agents, page by
    page; or all of a customer.
    """
    identity = identify(request)
    if identity.role == "agent":
        raise Forbidden(f"an agent reads its own queues' lines and its own desk; {any_of(STEERING)} lists cases")
    wanted = request.query_params
    if unknown := wanted.keys() - {"state", "queue", "agent", "customer", "limit", "cursor"}:
        raise Invalid(f"{min(unknown)}: no such filter; there are state, queue, agent, customer, limit, cursor")
    if customer := wanted.get("customer"):
        return await _list_customer(request, identity, customer)
    if (state := wanted.get("state")) is not None and state not in LIVE:
        raise Invalid(f"state: expected one of {', '.join(LIVE)}; cases that have ended are not listed")
    listing = Listing(request, identity, page_limit(request))
    await listing.fill(page_cursor(request, rf"line/{words.ID}/{PLACE}|agents/({words.ID})?"))
    body: dict[str, object] = {"items": listing.items}
    if listing.cursor:
        body["next_cursor"] = listing.cursor
    return shown(Answer(listing.position, msgspec.json.encode(body)))


async def _list_customer(request: Request, identity: Identity, customer: str) -> Response:
    wanted = request.query_params
    if wanted.keys() & {"state", "queue", "agent"}:
        raise Invalid("customer: stands alone, without state, queue and agent")
    after, limit = page_cursor(request, PLACE), page_limit(request)
    return shown(await commands.read_customer(services(request).store, identity, customer, limit, after))


class Listing:
    """Collects one page of live cases, place by place. A cursor is `line/<queue>/<after>` or `agents/<after>`."""

    def __init__(self, request: Request, identity: Identity, limit: int) -> None:
        self._store = services(request).store
        self._identity = identity
        self._wanted = request.query_params
        for name in self._wanted.keys() & {"queue", "agent"}:
            read_id(name, self._wanted[name])
        self._limit = limit
        self.items: list[msgspec.Raw] = []
        self.cursor = ""
        self.position = ""  # of the first read: later ones may show more than was so then

    async def fill(self, cursor: str) -> None:
        """Go on from the cursor until the page is full or nothing is left."""
        if agent := self._wanted.get("agent"):
            await self._add_held(agent)
            return
        kind, _, rest = cursor.partition("/")
        if kind != "agents" and self._wanted.get("state", "waiting") == "waiting":
            queue, _, after = rest.partition("/")
            await self._add_lines(queue, after)
        if not self.cursor and self._wanted.get("state") != "waiting":
            await self._add_agents(rest if kind == "agents" else "")

    async def _run(self, name: str, **args: Any) -> dict[str, msgspec.Raw]:
        answer = await self._store.run(name, self._identity.workspace, self._identity.actor, **args)
        self.position = self.position or answer.position
        return msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])

    async def _add_lines(self, first: str, after: str) -> None:
        queues = sorted(await workspaces.queue_modes(self._store, self._identity.workspace))
        if scope := self._identity.scope:
            queues = [name for name in queues if name in scope.queues]
        if only := self._wanted.get("queue"):
            queues = [only]
        for queue in [name for name in queues if name >= first]:
            room = self._limit - len(self.items)
            page = await self._run("read_line", queue=queue, after=after if queue == first else "", limit=room)
            self.items += msgspec.json.decode(page["cases"], type=list[msgspec.Raw])
            if "next_cursor" in page:
                self.cursor = f"line/{queue}/{msgspec.json.decode(page['next_cursor'])}"
                return

    async def _add_agents(self, after: str) -> None:
        while True:
            page = await self._read_ids(after)
            for agent in page.items:
                if len(self.items) >= self._limit:
                    self.cursor = f"agents/{after}"
                    return
                await self._add_held(agent.agent)
                after = agent.agent
            if not page.next_cursor:
                return

    async def _read_ids(self, after: str) -> "_Agents":
        """Of everybody, whatever the scope: a case of its queues may be in anybody's hands."""
        workspace, everything = self._identity.workspace, (self._identity.role, self._identity.subject)
        answer = await self._store.run("read_agents", workspace, everything, after=after, limit=20)
        self.position = self.position or answer.position
        return msgspec.json.decode(answer.body, type=_Agents)

    async def _add_held(self, agent: str) -> None:
        page = await self._run("read_held", agent=agent)
        for raw in msgspec.json.decode(page["items"], type=list[msgspec.Raw]):
            place = msgspec.json.decode(raw, type=_Place)
            if place.state == self._wanted.get("state", place.state) and place.queue == self._wanted.get(
                "queue", place.queue
            ):
                self.items.append(raw)


class _AgentId(msgspec.Struct):
    agent: str


class _Agents(msgspec.Struct):
    items: list[_AgentId]
    next_cursor: str = ""


class _Place(msgspec.Struct):
    case: str
    revision: int
    state: str
    queue: str
    agent: str = ""


ROUTES = [
    Route("/v1/{workspace}/cases", submit, methods=["POST"]),
    Route("/v1/{workspace}/cases", list_cases, methods=["GET"]),
    Route("/v1/{workspace}/cases/{case}", read, methods=["GET"]),
    Route("/v1/{workspace}/cases/{case}", update, methods=["PATCH"]),
    Route("/v1/{workspace}/cases/{case}/history", history, methods=["GET"]),
    Route("/v1/{workspace}/cases/{case}/why", why, methods=["GET"]),
    Route("/v1/{workspace}/cases/{case}/notes", notes, methods=["GET"]),
    Route("/v1/{workspace}/cases/{case}/{verb}", act, methods=["POST"]),
    Route("/v1/{workspace}/cases/{verb}", act_on_many, methods=["POST"]),
]
