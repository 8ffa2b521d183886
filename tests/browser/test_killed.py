"""A node that is killed under an agent's page and started anew: nothing is lost, nothing is done twice."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, WebSocketRoute, expect

from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from loadtest.process import NodeProcess, Site, run_node
from tests.browser.conftest import DOCUMENT
from tests.browser.world import WITHIN_MS, Shop, Window, open_shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENT = DOCUMENT.replace("grace_s = 20", "grace_s = 300\ngone_s = 300")  # offers outlive the node's absence

# What was pressed waits ten seconds for its answer, by timers in a worker: to start a node may take longer than that.
PATIENT_PAGE = """const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (order) {
    post.call(this, order.ms === 10000 ? {...order, ms: 300000} : order);
};"""


class Scene:
    """A shop on a durable store, and ana at a node of that store in a process of its own."""

    def __init__(self, shop: Shop, node: NodeProcess, ana: Window) -> None:
        self.shop = shop
        self.node = node
        self.ana = ana

    async def count(self, case: str, kind: str) -> int:
        """How many events of this type the log has of a case."""
        return [event["type"] for event in await self.shop.events_of(case)].count(kind)


@pytest_asyncio.fixture(loop_scope="session")
async def scene(browser: Browser, tmp_path: Path) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(EmbeddedServer(tmp_path / "store"))
        store = StoreClient(server.url)
        stack.push_async_callback(store.close)
        await store.load()
        await workspaces.apply(store, "acme", document.parse(PATIENT))
        shop = await stack.enter_async_context(open_shop(store, browser))
        site = Site(tmp_path, server.url)
        node = await stack.enter_async_context(run_node(site))
        ana = await shop.window(url=node.base_url)
        ana.may_lose_its_node()
        await ana.page.add_init_script(PATIENT_PAGE)
        await ana.sign_in_with(site.token("agent", "ana", "acme"))
        await ana.go_online()
        yield Scene(shop, node, ana)
        await ana.page.context.close()  # before its node, whose end it would complain of


async def test_what_was_pressed_as_the_node_died_is_done_once(scene: Scene) -> None:
    shop, node, ana = scene.shop, scene.node, scene.ana
    held = await shop.submit("Wrong invoice")
    await ana.press("offer-accept", ana.offer("Wrong invoice"))
    await expect(ana.desk_case("Wrong invoice")).to_be_visible()
    pressed = await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire")).to_be_visible()
    os.kill(node.pid, signal.SIGSTOP)  # what is pressed now leaves the page and reaches nobody
    accept = ana.offer("Printer on fire").get_by_test_id("offer-accept")
    await accept.click()
    await expect(accept).to_have_attribute("aria-busy", "true")
    await node.kill()
    await expect(ana.see("connection")).not_to_have_text("Connected")
    meanwhile = await shop.submit("Came meanwhile", queue="pool")
    await node.start()
    await expect(ana.see("connection")).to_have_text("Connected")
    await expect(ana.desk_case("Printer on fire")).to_be_visible()
    await expect(ana.see("desk-case")).to_have_count(2)
    await expect(ana.see("offer")).to_have_count(0)
    await expect(ana.page.locator("[data-testid=queue-tab][data-queue=pool]")).to_contain_text("1")
    assert [await scene.count(case, "case_accepted") for case in (held, pressed, meanwhile)] == [1, 1, 0]
    assert [await scene.count(case, "case_offered") for case in (held, pressed, meanwhile)] == [1, 1, 0]


async def test_what_the_node_did_and_could_not_tell_is_shown_and_not_done_again(scene: Scene) -> None:
    shop, node, ana = scene.shop, scene.node, scene.ana
    is_deaf, was_told = False, asyncio.Event()

    def link(page: WebSocketRoute) -> None:
        def forward(message: str | bytes) -> None:
            if is_deaf:
                was_told.set()
            else:
                page.send(message)

        page.connect_to_server().on_message(forward)

    await ana.page.route_web_socket("**/ws", link)
    await ana.page.reload()
    case = await shop.submit("Printer on fire")
    accept = ana.offer("Printer on fire").get_by_test_id("offer-accept")
    await expect(accept).to_be_enabled()
    is_deaf = True
    await accept.click()
    async with asyncio.timeout(WITHIN_MS / 1000):
        await was_told.wait()  # that it has it, if only it could hear
    await node.kill()
    is_deaf = False
    await node.start()
    await expect(ana.see("connection")).to_have_text("Connected")
    await expect(ana.desk_case("Printer on fire")).to_be_visible()
    await expect(ana.see("offer")).to_have_count(0)
    assert await scene.count(case, "case_accepted") == 1
    assert await scene.count(case, "case_offered") == 1
