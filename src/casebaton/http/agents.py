"""`/v1/{workspace}/agents`: who is there, and their status and capacity."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.auth import Identity
from casebaton.errors import CasebatonError, Forbidden, Invalid
from casebaton.http.requests import (
    identify,
    page_cursor,
    page_limit,
    path_id,
    run,
    services,
    shown,
)
from casebaton.service import commands
from casebaton.service.access import STEERING, any_of
from casebaton.wire import messages as m
from casebaton.wire import words


def _own(request: Request, identity: Identity) -> str:
    agent = path_id(request, "agent")
    if identity.role == "agent" and agent != identity.subject:
        raise Forbidden(f"an agent sees and changes only itself; {any_of(STEERING)} sees others")
    return agent


async def list_agents(request: Request) -> Response:
    """A page of agents by id."""
    identity = identify(request)
    if identity.role == "agent":
        raise Forbidden(f"an agent sees only itself; {any_of(STEERING)} lists all")
    after, limit = page_cursor(request, words.ID), page_limit(request)
    store = services(request).store
    return shown(await store.run("read_agents", identity.workspace, identity.actor, after=after, limit=limit))


async def read(request: Request) -> Response:
    """One agent with its offers and desk."""
    identity = identify(request)
    agent = _own(request, identity)
    return shown(await commands.read_agent(services(request).store, identity, agent))


async def read_day(request: Request) -> Response:
    """What the agent has done since an instant."""
    identity = identify(request)
    agent, since = path_id(request, "agent"), request.query_params.get("since_ms", "")
    if since and not re.fullmatch(r"[0-9]{1,15}", since):
        raise Invalid("since_ms: expected an instant in milliseconds")
    return shown(await commands.read_day(services(request).store, identity, agent, since))


async def change(request: Request) -> Response:
    """Capacity and queues, by a supervisor."""
    return await run(request, m.SetAgent, agent=request.path_params["agent"])


async def set_status(request: Request) -> Response:
    """The agent's own choice."""
    _own(request, identify(request))
    return await run(request, m.SetStatus)


async def take_next(request: Request) -> Response:
    """The agent takes the first case that it may."""
    _own(request, identify(request))
    return await run(request, m.TakeNext)


async def remove(request: Request) -> Response:
    """An agent who holds nothing leaves."""
    return await run(request, m.RemoveAgent, agent=request.path_params["agent"])


async def raise_flag(request: Request) -> Response:
    """The agent raises its hand."""
    _own(request, identify(request))
    return await run(request, m.RaiseFlag)


async def lower_flag(request: Request) -> Response:
    """The agent needs nobody any more."""
    _own(request, identify(request))
    return await run(request, m.LowerFlag)


async def act(request: Request) -> Response:
    """A supervisor's command on the agent, named by the path's last word."""
    identify(request)  # before anything is told of the path
    shape = m.AGENT_VERBS.get(request.path_params["verb"])
    if shape is None:
        raise CasebatonError("NO_SUCH_PAGE", f"verbs are {', '.join(m.AGENT_VERBS)}")
    return await run(request, shape, agent=request.path_params["agent"])


ROUTES = [
    Route("/v1/{workspace}/agents", list_agents),
    Route("/v1/{workspace}/agents/{agent}", read, methods=["GET"]),
    Route("/v1/{workspace}/agents/{agent}", change, methods=["PATCH"]),
    Route("/v1/{workspace}/agents/{agent}", remove, methods=["DELETE"]),
    Route("/v1/{workspace}/agents/{agent}/day", read_day, methods=["GET"]),
    Route("/v1/{workspace}/agents/{agent}/status", set_status, methods=["POST"]),
    Route("/v1/{workspace}/agents/{agent}/take_next", take_next, methods=["POST"]),
    Route("/v1/{workspace}/agents/{agent}/flag", raise_flag, methods=["POST"]),
    Route("/v1/{workspace}/agents/{agent}/flag", lower_flag, methods=["DELETE"]),
    Route("/v1/{workspace}/agents/{agent}/{verb}", act, methods=["POST"]),
]
