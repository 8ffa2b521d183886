"""`/v1/{workspace}/queues`: the queues and their lines."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.http.requests import PLACE, identify, json, page_cursor, page_limit, path_id, services
from casebaton.service import commands
from casebaton.store import workspaces


async def list_queues(request: Request) -> Response:
    """Every queue with its mode and how many wait, for agents too: they may transfer a case to any of them."""
    identity, store = identify(request), services(request).store
    modes = await workspaces.queue_modes(store, identity.workspace)
    waiting = await workspaces.count_waiting(store, identity.workspace, modes)
    items = [{"queue": name, "mode": mode, "waiting": waiting[name]} for name, mode in modes.items()]
    return json(msgspec.json.encode({"items": items}))


async def read(request: Request) -> Response:
    """One queue: its mode and how many wait."""
    identity = identify(request)
    answer = await commands.read_line(services(request).store, identity, path_id(request, "queue"), 1)
    found = msgspec.json.decode(answer.body)
    return json(msgspec.json.encode({name: found[name] for name in ("queue", "mode", "waiting")}))


async def cases(request: Request) -> Response:
    """A page of the queue's line, first in order first."""
    identity = identify(request)
    queue, after = path_id(request, "queue"), page_cursor(request, PLACE)
    answer = await commands.read_line(services(request).store, identity, queue, page_limit(request), after)
    return json(answer.body)


ROUTES = [
    Route("/v1/{workspace}/queues", list_queues),
    Route("/v1/{workspace}/queues/{queue}", read),
    Route("/v1/{workspace}/queues/{queue}/cases", cases),
]
