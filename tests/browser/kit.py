"""The gallery of the pages' kit, served from the test itself under the pages' own policy."""

import os
import subprocess
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Route, expect

from casebaton.http.pages import SECURITY
from tests.browser.world import Window

WEB = Path(__file__).parents[2] / "web"
GALLERY = WEB / "build" / "gallery"
ADDRESS = "http://localhost"  # trusted as HTTPS is; nobody listens there
PAGE = """<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kit</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/gallery-style.css">
<script type="module" src="/gallery.js"></script></head><body><div id="page"></div></body></html>"""


def build_gallery() -> None:
    """Bundle it, with the system's Node or that of the venv."""
    path = os.pathsep.join([os.environ["PATH"], str(WEB.parent / ".venv" / "node")])
    subprocess.run(["npm", "--silent", "run", "gallery"], cwd=WEB, check=True, env={**os.environ, "PATH": path})


async def _serve(route: Route) -> None:
    name = route.request.url.rpartition("/")[2].partition("?")[0]
    if name == "gallery":
        await route.fulfill(body=PAGE, content_type="text/html", headers=SECURITY)
    else:
        await route.fulfill(path=GALLERY / name, headers=SECURITY)


class Kit:
    """Windows that show the gallery."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._windows: list[Window] = []

    async def open(self, query: str = "", *, address: str = ADDRESS, **options: Any) -> Window:
        """A window of its own, at this address or, if a node is there, beside its pages."""
        context = await self._browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        await context.route("**/gallery*", _serve)
        await context.route("**/timer.js", _serve)
        return await self._show(context, query, address)

    async def beside(self, window: Window) -> Window:
        """A second tab of the same browser."""
        return await self._show(window.page.context, "", window.url)

    async def _show(self, context: BrowserContext, query: str, address: str) -> Window:
        window = Window(await context.new_page(), address)
        self._windows.append(window)
        await window.page.goto(f"{address}/gallery{query}")
        await expect(window.see("table")).to_be_visible()
        return window

    async def close(self) -> None:
        """Close the windows; fails if one of them complained."""
        for window in self._windows:
            await window.page.context.close()
        complaints = [text for window in self._windows for text in window.unexpected]
        assert not complaints, complaints
