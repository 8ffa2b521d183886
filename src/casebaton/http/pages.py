"""The pages and their files, and the sign-in that only `--dev` on loopback has."""

import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from casebaton.auth import Role
from casebaton.errors import CasebatonError, Forbidden, Invalid
from casebaton.http.requests import decode, json, path_id, read_body, services
from casebaton.settings import LOOPBACK
from casebaton.store import workspaces
from casebaton.wire.words import Id

WEB = Path(__file__).parent.parent / "_web"
DEV_TOKEN_S = 12 * 3600
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types casebaton",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# What has a fixed address, and so is asked for again each time; the rest is under /assets.
FILES = {
    "/": ("index.html", "text/html"),
    "/agent": ("agent.html", "text/html"),
    "/supervisor": ("supervisor.html", "text/html"),
    "/sw.js": ("sw.js", "text/javascript"),
    "/manifest.webmanifest": ("manifest.webmanifest", "application/manifest+json"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/icon-192.png": ("icon-192.png", "image/png"),
    "/icon-512.png": ("icon-512.png", "image/png"),
    "/icon-maskable-512.png": ("icon-maskable-512.png", "image/png"),
    "/apple-touch-icon.png": ("apple-touch-icon.png", "image/png"),
}
# Encodings and the ends of the files that the build writes beside the originals, best first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?")  # as browsers send it
NEVER = re.compile(r"q=0(\.0*)?")  # the quality of an encoding that the browser does not take


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who to be, in dev mode."""

    name: Id
    role: Role


def _accepts(header: str) -> set[str]:
    """The encodings of an Accept-Encoding header, without those that it excludes by `q=0`."""
    found = set()
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        if not NEVER.fullmatch(quality.replace(" ", "")):
            found.add(name.strip())
    return found


def _packed(path: Path, headers: Headers) -> tuple[Path, dict[str, str]]:
    """The file to send for `path` to who sent `headers`, and the headers that say so."""
    accepted = _accepts(headers.get("accept-encoding", ""))
    for encoding, end in ENCODINGS.items():
        neighbour = path.with_name(path.name + end)
        if encoding in accepted and neighbour.is_file():
            return neighbour, {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
    return path, {"Vary": "Accept-Encoding"}


def _file(name: str, media_type: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def send(request: Request) -> Response:
        path, headers = _packed(WEB / name, request.headers)
        if not path.is_file():
            raise CasebatonError("NO_SUCH_PAGE", "the page is not built: run `make setup`")
        return FileResponse(path, media_type=media_type, headers={**SECURITY, **headers, "Cache-Control": "no-cache"})

    return send


def _require_here(request: Request) -> None:
    """Dev mode trusts whoever sits at this machine. A browser there runs strangers' pages, too, and a stranger's name
    may be made to point here (DNS rebinding). Raises Forbidden.
    """
    host = HOST.fullmatch(request.headers.get("host", ""))
    if host is None or host["name"].strip("[]").lower() not in LOOPBACK:
        raise Forbidden(f"Host: sign-in by name is for {', '.join(sorted(LOOPBACK))} alone")
    origin = request.headers.get("origin")
    if origin is not None and origin not in services(request).settings.origins:
        raise Forbidden("Origin: not one of this node's origins")


async def dev(request: Request) -> Response:
    """What the sign-in form may offer."""
    _require_here(request)
    names = await workspaces.list_workspaces(services(request).store)
    return json(msgspec.json.encode({"dev": True, "workspaces": names}))


async def sign_in(request: Request) -> Response:
    """A token for whoever asks from this machine and is known: dev mode only."""
    _require_here(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Invalid("Content-Type: send application/json")  # which no other origin's form can
    wanted: SignIn = decode(await read_body(request), SignIn)
    workspace, store = path_id(request, "workspace"), services(request).store
    await workspaces.queue_modes(store, workspace)  # raises NO_SUCH_WORKSPACE
    if wanted.role == "agent":
        await store.run("read_agent", workspace, (wanted.role, wanted.name), agent=wanted.name)  # or UNKNOWN_AGENT
    token = services(request).tokens.sign(workspace, wanted.role, wanted.name, ttl_s=DEV_TOKEN_S)
    return json(msgspec.json.encode({"token": token}))


class Assets(StaticFiles):
    """Files whose names carry a hash of their content: they never change. Before the page is built there are none."""

    async def check_config(self) -> None:
        """Starlette's own check raises without the directory; without it each file is simply not found."""

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        """Send the smallest form that the browser takes, with headers that let it keep the file."""
        path, headers = _packed(Path(full_path), Headers(scope=scope))
        stat = stat_result if path == Path(full_path) else path.stat()
        response = super().file_response(path, stat, scope, status_code)
        response.headers.update({**SECURITY, **headers, "Cache-Control": "public, max-age=31536000, immutable"})
        return response


def routes(*, is_dev: bool) -> list[BaseRoute]:
    """The pages; sign-in by name only in dev mode."""
    found: list[BaseRoute] = [Route(path, _file(*file)) for path, file in FILES.items()]
    found.append(Mount("/assets", Assets(directory=WEB, check_dir=False)))
    if is_dev:
        found += [
            Route("/v1/dev", dev),
            Route("/v1/{workspace}/sign-in", sign_in, methods=["POST"]),
        ]
    return found
