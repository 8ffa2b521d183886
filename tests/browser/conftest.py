import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from casebaton.http.pages import WEB
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.workspace import document
from tests.browser.kit import Kit, build_gallery
from tests.browser.world import WITHIN_MS, Shop, find_browser, open_shop

QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
DOCUMENT = f"""
[workspace]
grace_s = 20
decline_reasons = ["busy", "wrong queue", "missing skill"]
return_reasons = ["need help", "wrong queue", "shift end"]
dispositions = ["solved", "no answer"]
[channels.case]
ring_s = 90
[channels.hasty]
ring_s = 1
miss_limit = 1
[queues.support]
[queues.billing]
[queues.pool]
mode = "pull"
[queues.{"q" * 64}]
mode = "pull"
[agents.ana]
name = "Ana"
queues = ["support", "pool"]
capacity = 20
interruptible_capacity = 20
[agents.bo]
name = "Bo"
queues = ["billing", "pool"]
capacity = 20
interruptible_capacity = 20
[agents.cy]
name = "Cy"
queues = ["support"]
[agents.mallory]
name = "<img src=x onerror=alert(1)>nimda {"m" * 150}"
queues = ["support", "{"q" * 64}"]
[agents.dee]
name = "Dee"
queues = ["pool"]
capacity = 2
interruptible_capacity = 2
[queues.field]
[channels.visit]
ring_s = 14400
reachable_offline = true
windows = true
stages = true
[agents.tech]
name = "Teo"
queues = ["field"]
capacity = 5
interruptible_capacity = 5
[channels.fussy]
on_decline_status = "break"
[channels.call]
pool = "primary"
auto_accept = true
[statuses.break]
kind = "busy"
"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests; skips without one, or without the built page."""
    path = find_browser()
    if path is None:
        pytest.skip("no chromium or google-chrome on PATH: `make browser` installs one")
    if not (WEB / "agent.html").exists():
        pytest.skip("the page is not built: `make setup` builds it")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=WITHIN_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET + as_root)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shop(redis_url: str, browser: Browser) -> AsyncIterator[Shop]:
    """A node with workspace acme: ana and cy in support, bo in billing (push), ana and bo in pool (pull)."""
    store = StoreClient(redis_url)
    try:
        await store.redis.flushall()
        await store.load()
        await workspaces.apply(store, "acme", document.parse(DOCUMENT))
        async with open_shop(store, browser) as shop:
            yield shop
    finally:
        await store.close()


@pytest.fixture(scope="session")
def gallery() -> None:
    """The bundled gallery of the kit."""
    build_gallery()


@pytest_asyncio.fixture(loop_scope="session")
async def kit(browser: Browser, gallery: None) -> AsyncIterator[Kit]:  # noqa: ARG001 (made before)
    """The gallery, ready to be opened."""
    kit = Kit(browser)
    yield kit
    await kit.close()
