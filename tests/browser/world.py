"""Browser windows on real nodes: what an agent sees and presses, in the words of the page."""

import asyncio
import itertools
import json
import re
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Dialog, Locator, Page, expect

from casebaton.store.client import StoreClient
from loadtest.process import free_port
from tests.node.world import RunningNode, Socket, run_node

WITHIN_MS = 30_000.0  # however busy the machine is: whoever waits so long waits for what does not come
PRESS_AT = "(button, at) => new Promise(done => setTimeout(() => done(button.click()), at - Date.now()))"
MOMENT_MS = 250  # from an agreement to press until the press
FRAMES = 100  # in which what was just drawn comes to rest
IS_WITHIN_ITS_WIDTH = """async frames => {
    const isWithin = () => [document.scrollingElement, document.querySelector('main')]
        .every(each => each.scrollWidth <= each.clientWidth);
    for (; frames > 0 && !isWithin(); frames--) await new Promise(requestAnimationFrame);
    return isWithin();
}"""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """The path of a browser that Playwright can drive."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


class Window:
    """One browser window. `troubles` holds whatever its console, its scripts or a dialog complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.troubles: list[str] = []
        self.expected: list[str] = []
        self._dismissals: set[asyncio.Task[None]] = set()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("dialog", self._dismiss)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.troubles.append(f"{message.type}: {message.text}")

    def _dismiss(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        task = asyncio.create_task(dialog.dismiss())
        self._dismissals.add(task)
        task.add_done_callback(self._dismissals.discard)

    def may_lose_its_node(self) -> None:
        """Let the console say what it says of a node that ends at any moment of a handshake or an answer."""
        self.may_complain_of(r"WebSocket connection to '\S+' failed: |ERR_(CONNECTION_(REFUSED|RESET)|EMPTY_RESPONSE)")

    def may_complain_of(self, pattern: str) -> None:
        """Let the console say this (a regular expression) without failing the test."""
        self.expected.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        """The troubles that nobody announced."""
        return [text for text in self.troubles if not any(re.search(pattern, text) for pattern in self.expected)]

    # -- signing in --------------------------------------------------------------------------------------------------

    async def sign_in(self, name: str) -> None:
        """Open the page and sign in by name, as development servers allow."""
        await self.page.goto(f"{self.url}/agent")
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_role("button", name="Sign in").click()
        await expect(self.see("connection")).to_have_text("Connected")

    async def sign_in_with(self, token: str) -> None:
        """Open the page and sign in with a token. The page asks whether names are enough; the 404 says no."""
        self.may_complain_of("404")
        await self.page.goto(f"{self.url}/agent")
        await self.page.get_by_label("Workspace").fill("acme")
        await self.page.get_by_label("Token").fill(token)
        await self.page.get_by_role("button", name="Sign in").click()

    async def go_online(self) -> None:
        """Press the button that an offline agent is shown."""
        await self.press("go-online")
        await self.has_status("Online")

    async def has_status(self, words: str) -> None:
        """Wait until the page says that the agent has this status."""
        await expect(self.see("status-menu").locator(".clip")).to_have_text(words)

    async def choose_status(self, testid: str) -> None:
        """Choose from the status menu: `status-busy`, or `next-offline` for when the calls are done."""
        await self.press("status-menu")
        await self.press(testid)

    async def sign_out(self) -> None:
        """Leave by the account's menu."""
        await self.press("account-menu")
        await self.press("sign-out")

    # -- seeing ------------------------------------------------------------------------------------------------------

    def see(self, testid: str) -> Locator:
        """What carries this test id."""
        return self.page.get_by_test_id(testid)

    def offer(self, subject: str) -> Locator:
        """A ringing offer."""
        return self.see("offer").filter(has_text=subject)

    def desk_case(self, subject: str) -> Locator:
        """A case in the list of what the agent has."""
        return self.see("desk-case").filter(has_text=subject)

    async def open_queue(self, queue: str) -> None:
        """Show the line of this queue in the middle of the page."""
        await self.page.locator(f'[data-testid="queue-tab"][data-queue="{queue}"]').click()
        await expect(self.page.locator(f'[data-testid="line"][data-queue="{queue}"]')).to_be_visible()

    async def work_on(self, subject: str) -> Locator:
        """Open a case of the desk; what is in the middle of the page then."""
        await self.press("desk-open", self.desk_case(subject))
        opened = self.see("case").filter(has_text=subject)
        await expect(opened).to_be_visible()
        return opened

    @property
    def rows(self) -> Locator:
        """The waiting cases in the line shown."""
        return self.see("line-rows").get_by_test_id("grid-row")

    def row(self, subject: str) -> Locator:
        """A waiting case in the line shown."""
        return self.rows.filter(has_text=subject)

    async def reads(self, testid: str, text: str) -> None:
        """Wait until something with this test id says `text`."""
        await expect(self.see(testid).filter(has_text=text).first).to_be_visible()

    async def is_within_its_width(self) -> bool:
        """Is there nothing to scroll to sideways, once what is drawn has its size?"""
        inside: bool = await self.page.evaluate(IS_WITHIN_ITS_WIDTH, FRAMES)
        return inside

    # -- pressing ----------------------------------------------------------------------------------------------------

    async def press(self, testid: str, within: Locator | None = None) -> None:
        """Press a button by its test id."""
        await (within or self.page.locator("body")).get_by_test_id(testid).click()

    async def retry_now(self) -> None:
        """Press the banner's button, unless the page has come back by itself in this moment."""
        await self.page.evaluate("document.querySelector('[data-testid=retry-now]')?.click()")

    async def confirm(self) -> None:
        """Confirm the open dialog; one that has just been closed is still there until the next frame."""
        await self.press("dialog-confirm", self.page.locator("dialog[open]"))

    async def tab_to(self, testid: str) -> None:
        """Press Tab until the focus is on it, once it is there; fails after fifty."""
        await expect(self.see(testid)).to_be_visible()
        await expect(self.see(testid)).to_be_enabled()
        for _ in range(50):
            await self.page.keyboard.press("Tab")
            if await self.page.evaluate("document.activeElement.dataset.testid") == testid:
                return
        raise AssertionError(f"Tab does not reach {testid}")


async def press_together(*buttons: Locator) -> None:
    """Press buttons of several windows at the same millisecond; one that is late presses what is gone by then."""
    for button in buttons:
        await expect(button).to_be_enabled()
    found = [await button.element_handle() for button in buttons]
    at_ms = time.time() * 1000 + MOMENT_MS
    await asyncio.gather(*(button.evaluate(PRESS_AT, at_ms) for button in found))


class Shop:
    """A node of its own, a producer, and the windows that are open on it."""

    def __init__(self, store: StoreClient, browser: Browser, node: RunningNode, crm: Socket) -> None:
        self.store = store
        self.node = node
        self.windows: list[Window] = []
        self._browser = browser
        self._crm = crm
        self._cases = itertools.count(1)

    async def submit(self, subject: str, queue: str = "support", **fields: Any) -> str:
        """Submit a case; its id."""
        case = f"c-{next(self._cases)}"
        reply = await self._crm.command("submit_case", case=case, queue=queue, subject=subject, **fields)
        assert "ok" in reply, reply
        return case

    async def cancel(self, case: str) -> None:
        """Withdraw a case."""
        reply = await self._crm.command("cancel_case", case=case, baton="any", reason="withdrawn")
        assert "ok" in reply, reply

    async def _read(self, name: str, case: str, **args: Any) -> Any:
        answer = await self.store.run(name, "acme", ("supervisor", "sue"), case=case, **args)
        return json.loads(answer.body)

    async def owner_of(self, case: str) -> str:
        """Who owns the case now, as the engine says."""
        return str((await self._read("read_case", case))["owner"])

    async def events_of(self, case: str) -> list[Any]:
        """The case's events, newest first."""
        items: list[Any] = (await self._read("read_history", case, before="", limit=50))["items"]
        return items

    async def window(self, *, url: str | None = None, **options: Any) -> Window:
        """A fresh window, with cookies and storage of its own, on this node or on another."""
        context = await self._browser.new_context(**{"viewport": {"width": 1000, "height": 900}} | options)
        window = Window(await context.new_page(), url or self.node.base_url)
        self.windows.append(window)
        return window

    async def agent(self, name: str, **options: Any) -> Window:
        """A window in which this agent is signed in and online."""
        window = await self.window(**options)
        await window.sign_in(name)
        await window.go_online()
        return window

    async def close(self) -> None:
        """Close the windows; fails if one of them complained."""
        for window in self.windows:
            await window.page.context.close()
        complaints = [text for window in self.windows for text in window.unexpected]
        assert not complaints, complaints


def run_page_node(
    redis_url: str, port: int, *, dev: bool = True, **changes: Any
) -> AbstractAsyncContextManager[RunningNode]:
    """A node whose page may connect to it: its origin names the port, which must be known before."""
    patient = {"lease_ms": 60_000}  # a machine that stalls loses nobody
    return run_node(redis_url, dev=dev, port=port, origins=[f"http://127.0.0.1:{port}"], **patient | changes)


@asynccontextmanager
async def open_shop(store: StoreClient, browser: Browser, **changes: Any) -> AsyncIterator[Shop]:
    """A shop for as long as the block runs."""
    async with run_page_node(store.url, free_port(), **changes) as node, node.signed_in("producer", "crm") as crm:
        shop = Shop(store, browser, node, crm)
        try:
            yield shop
        finally:
            await shop.close()
