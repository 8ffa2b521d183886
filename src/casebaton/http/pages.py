"""The agent page and its files, and the sign-in that only `--dev` on loopback has."""

from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from casebaton.auth import Role
from casebaton.errors import CasebatonError
from casebaton.http.requests import decode, json, path_id, read_body, services
from casebaton.store import workspaces
from casebaton.wire.words import Id

WEB = Path(__file__).parent.parent / "_web"
DEV_TOKEN_S = 12 * 3600
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who to be, in dev mode."""

    name: Id
    role: Role


async def agent_page(_: Request) -> Response:
    """The agent's page."""
    page = WEB / "agent.html"
    if not page.exists():
        raise CasebatonError("NO_SUCH_PAGE", "the page is not built: run `make setup`")
    return FileResponse(page, headers={**SECURITY, "Cache-Control": "no-cache"})


async def dev(request: Request) -> Response:
    """What the sign-in form may offer."""
    names = await workspaces.list_workspaces(services(request).store)
    return json(msgspec.json.encode({"dev": True, "workspaces": names}))


async def sign_in(request: Request) -> Response:
    """A token for whoever asks and is known: dev mode only."""
    wanted: SignIn = decode(await read_body(request), SignIn)
    workspace, store = path_id(request, "workspace"), services(request).store
    await workspaces.queue_modes(store, workspace)  # raises NO_SUCH_WORKSPACE
    if wanted.role == "agent":
        await store.run("read_agent", workspace, (wanted.role, wanted.name), agent=wanted.name)  # or UNKNOWN_AGENT
    token = services(request).tokens.sign(workspace, wanted.role, wanted.name, ttl_s=DEV_TOKEN_S)
    return json(msgspec.json.encode({"token": token}))


async def home(_: Request) -> Response:
    """There is one page so far."""
    return RedirectResponse("/agent")


class Assets(StaticFiles):
    """Files whose names carry a hash of their content: they never change. Before the page is built there are none."""

    async def check_config(self) -> None:
        """Starlette's own check raises without the directory; without it each file is simply not found."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Add headers that let browsers keep the file."""
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        response.headers.update({**SECURITY, "Cache-Control": "public, max-age=31536000, immutable"})
        return response


def routes(*, is_dev: bool) -> list[BaseRoute]:
    """The pages; sign-in by name only in dev mode."""
    found: list[BaseRoute] = [
        Route("/", home),
        Route("/agent", agent_page),
        Mount("/assets", Assets(directory=WEB, check_dir=False)),
    ]
    if is_dev:
        found += [
            Route("/v1/dev", dev),
            Route("/v1/{workspace}/sign-in", sign_in, methods=["POST"]),
        ]
    return found
