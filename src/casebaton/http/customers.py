"""`/v1/{workspace}/customers`: a customer is named in bodies alone, never in a URL."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casebaton.http.requests import run
from casebaton.wire import messages as m


async def erase(request: Request) -> Response:
    """Erase what is said of a customer."""
    return await run(request, m.EraseCustomer)


ROUTES = [Route("/v1/{workspace}/customers/erase", erase, methods=["POST"])]
