"""A real browser for the pages' figures."""

import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from playwright.async_api import Browser, BrowserContext, async_playwright

from loadtest.process import WORKSPACE
from loadtest.report import Skipped

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]

PageName = Literal["agent", "supervisor"]


def find_browser() -> str | None:
    """The path of a browser that Playwright can drive."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def open_browser(*flags: str) -> AsyncIterator[Browser]:
    """A Chromium for as long as the block runs. Raises Skipped where there is none."""
    path = find_browser()
    if path is None:
        raise Skipped("no chromium or google-chrome on PATH: `make browser` installs one")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # root has no sandbox
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*QUIET, *as_root, *flags])
        try:
            yield browser
        finally:
            await browser.close()


async def enter(context: BrowserContext, page: PageName, token: str, workspace: str = WORKSPACE) -> None:
    """Let every page of this context find a session, as after a reload: it opens without the sign-in form."""
    session = json.dumps(json.dumps({"workspace": workspace, "token": token}))
    await context.add_init_script(f"sessionStorage.setItem('casebaton.{page}.session', {session})")
