"""`/v1/{workspace}/reports`: what the history amounts to; a case's life in words; cases that have ended."""

import asyncio
import time

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton import tasks
from casebaton.auth import Identity
from casebaton.http.problems import UNKEPT
from casebaton.http.requests import decode, identify, json, path_id, read_body, services
from casebaton.reports.asked import Ask, Form, Sought, Within
from casebaton.service.access import SUPERVISING, require


async def list_reports(request: Request) -> Response:
    """Which there are, and how each may be asked."""
    identity = _identify(request)
    return json(await _answer(request, Ask(workspace=identity.workspace, now_ms=0)))


async def read(request: Request) -> Response:
    """A report, within whoever asks' scope; as CSV for whoever accepts it."""
    identity = _identify(request)
    return await _told(request, _ask(request, identity, report=request.path_params["report"]))


async def read_life(request: Request) -> Response:
    """A case's life in words."""
    identity = _identify(request)
    return await _told(request, _ask(request, identity, case=path_id(request, "case")))


async def search(request: Request) -> Response:
    """Cases that have ended, by words: in the body, since what customers write belongs into no URL."""
    asked = _ask(request, _identify(request))
    asked.sought = decode(await read_body(request), Sought)
    return json(await _answer(request, asked))


def _identify(request: Request) -> Identity:
    identity = identify(request)
    require(identity, SUPERVISING, "read reports")
    return identity


def _ask(request: Request, identity: Identity, *, report: str = "", case: str = "") -> Ask:
    form: Form = "csv" if "text/csv" in request.headers.get("accept", "") else "json"
    given = {name: request.query_params.getlist(name) for name in request.query_params}
    scope = identity.scope
    return Ask(
        workspace=identity.workspace,
        now_ms=round(time.time() * 1000),
        report=report,
        case=case,
        given=given,
        form=form,
        within=None if scope is None else Within(scope.queues, scope.teams),
    )


async def _told(request: Request, asked: Ask) -> Response:
    body = await _answer(request, asked)
    if asked.form == "csv":
        return Response(body, headers=UNKEPT, media_type="text/csv")
    return json(body)


async def _answer(request: Request, asked: Ask) -> bytes:
    """What the reports say. Whoever leaves before ends the query, too. Raises ClientDisconnect."""
    answer = asyncio.create_task(services(request).ask_report(asked), name="report")
    leaving = asyncio.create_task(_leave(request), name="report-client")
    try:
        await asyncio.wait({answer, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientDisconnect
        return answer.result()
    finally:
        await tasks.end(leaving)
        if not answer.done():
            await tasks.end(answer)


async def _leave(request: Request) -> None:
    """Until the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


ROUTES = [
    Route("/v1/{workspace}/reports", list_reports, methods=["GET"]),
    Route("/v1/{workspace}/reports/{report}", read, methods=["GET"]),
    Route("/v1/{workspace}/history/search", search, methods=["POST"]),
    Route("/v1/{workspace}/cases/{case}/life", read_life, methods=["GET"]),
]
