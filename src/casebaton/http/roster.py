"""`/v1/{workspace}/roster`: who works here, as JSON or CSV."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.http.problems import UNKEPT
from casebaton.http.requests import flag, identify, json, read_body, services
from casebaton.service import roster
from casebaton.workspace.roster import Form, as_row, to_csv


async def read(request: Request) -> Response:
    """Everybody; as CSV for whoever accepts it."""
    people = await roster.read(services(request).store, identify(request))
    if "text/csv" in request.headers.get("accept", ""):
        return Response(to_csv(people), headers=UNKEPT, media_type="text/csv")
    return json(msgspec.json.encode([as_row(person) for person in people]))


async def put(request: Request) -> Response:
    """A result for each row, in order; 207 when one was refused."""
    identity = identify(request)
    form: Form = "csv" if "csv" in request.headers.get("content-type", "") else "json"
    remove_missing, is_dry = flag(request, "remove_missing"), flag(request, "dry_run")
    made = await roster.put(
        services(request).store, identity, await read_body(request), form, remove_missing=remove_missing, is_dry=is_dry
    )
    return json(msgspec.json.encode(made), 200 if made.is_whole else 207)


ROUTES = [
    Route("/v1/{workspace}/roster", read, methods=["GET"]),
    Route("/v1/{workspace}/roster", put, methods=["PUT"]),
]
