"""`render`: how soon a page stands, and how soon it is right again after its node was killed.

Each page opens with a session at hand, as after a reload: with an empty cache (a browser context of its own), then with
a full one. It is usable when what people came for is on it: an agent's desk, the wallboard's figures. Then the node
gets SIGKILL and starts anew, and the time runs from the node's own word that it listens until the agent's page is
connected and shows again what the agent has. The store lives on: its return is `failover`'s figure.
"""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from casebaton.client import Client
from casebaton.replay.percentiles import percentiles
from casebaton.store.embedded import EmbeddedServer
from loadtest import agents as people
from loadtest.browser import PageName, enter, open_browser
from loadtest.process import NodeProcess, Site, run_node

DESK = 10
LINE = "support"
WITHIN_S = 30.0
STABLE_S = 5.5  # after so long a page that loses its connection begins its back-off anew
MEDIAN = {"p50": 0.5}
PAGES: tuple[PageName, ...] = ("agent", "supervisor")
# What is on each page once it is usable, as an expression.
USABLE: dict[PageName, str] = {
    "agent": f"document.querySelectorAll('[data-testid=desk-case]').length >= {DESK}",
    "supervisor": "document.querySelector('[data-testid=queue-line] [data-testid=waiting]')?.textContent > '0'",
}
# Runs before the page's own scripts: `usable` tells the instant. `until` looks whenever something on the page changes.
PROBE = """window.until = (isSo) => new Promise((resolve) => {
    const painted = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    const look = () => isSo() && (observer.disconnect(), painted());
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
    look();
});
window.usable = until(() => %s);"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
AGAIN = "document.querySelector('[data-testid=connection]')?.textContent === 'Connected' && " + USABLE["agent"]


async def measure(say: Callable[[str], None], *, agents: int, cases: int, rounds: int, kills: int) -> dict[str, Any]:
    """Open each page so many times, kill the node so often. Raises Skipped without a browser."""
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with AsyncExitStack() as stack:
            browser = await stack.enter_async_context(open_browser())
            server = await stack.enter_async_context(EmbeddedServer(Path(directory) / "store"))
            site = Site(Path(directory), server.url, commands_per_second=10_000)
            names = people.names(agents)
            await site.apply(people.describe(names, [LINE], capacity=DESK))
            node = await stack.enter_async_context(run_node(site))
            agent = await stack.enter_async_context(people.client(site, node.base_url, names[0]))
            await _fill(site, node.base_url, agent, cases)
            opened = Opened(browser, node.base_url)
            for page in PAGES:
                await opened.repeat(page, site.token(page, names[0]), rounds)
                say(f"{page}: {opened.spread(page)}")
            back = await _kill(opened, site.token("agent", names[0]), node, kills)
    pages = {page: opened.spread(page) for page in PAGES}
    return {
        "cold_ms": max(page["cold_usable_ms"]["p50"] for page in pages.values()),
        "warm_ms": max(page["warm_usable_ms"]["p50"] for page in pages.values()),
        "back_ms": back["max"],
        "failed": len(opened.troubles),
        "pages": pages,
        "back": back,
    }


async def _fill(site: Site, base_url: str, client: Client, cases: int) -> None:
    """Cases in line, and a full desk for one agent."""
    async with people.producer(site, base_url) as producer:
        for number in range(cases):
            await producer.submit(queue=LINE, subject=f"Case {number}", customer="Fabrikam")
    agent = client.agent()
    await agent.set_status("online")
    async for offer in agent.offers():
        await offer.accept()
        if len(agent.desk) == DESK:
            return


class Opened:
    """What was measured of pages, in milliseconds, and what their scripts complained of."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.troubles: list[str] = []
        self._browser = browser
        self._base_url = base_url
        self._found: dict[PageName, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    async def context(self, name: PageName, token: str) -> BrowserContext:
        """A browser with an empty cache and this session."""
        context = await self._browser.new_context(viewport={"width": 1440, "height": 900})
        await enter(context, name, token)
        await context.add_init_script(PROBE % USABLE[name])
        return context

    async def repeat(self, name: PageName, token: str, rounds: int) -> None:
        """Open the page with an empty cache, then once more, so many times."""
        for _ in range(rounds):
            context = await self.context(name, token)
            for cache in ("cold", "warm"):
                page = await self.open(context, name)
                self._found[name][f"{cache}_paint_ms"].append(await page.evaluate(PAINT))
                self._found[name][f"{cache}_usable_ms"].append(await page.evaluate("usable"))
                await page.close()
            await context.close()

    async def open(self, context: BrowserContext, name: PageName) -> Page:
        """The page, usable."""
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        await page.goto(f"{self._base_url}/{name}")
        async with asyncio.timeout(WITHIN_S):
            await page.evaluate("usable")
        return page

    def spread(self, name: PageName) -> dict[str, Any]:
        """Median and maximum of each."""
        return {what: percentiles(values, MEDIAN) for what, values in self._found[name].items()}


async def _kill(opened: Opened, token: str, node: NodeProcess, kills: int) -> dict[str, Any]:
    """From the node's word that it listens again to the agent's page as it was before."""
    context = await opened.context("agent", token)
    page = await opened.open(context, "agent")
    back = []
    for _ in range(kills):
        await asyncio.sleep(STABLE_S)  # until the page's back-off begins anew
        await node.kill()
        async with asyncio.timeout(WITHIN_S):
            await page.evaluate(f"until(() => !({AGAIN}))")
        await node.start()
        listens_at = perf_counter()
        async with asyncio.timeout(WITHIN_S):
            await page.evaluate(f"until(() => {AGAIN})")
        back.append(1000 * (perf_counter() - listens_at))
    await context.close()
    return percentiles(back, MEDIAN)
