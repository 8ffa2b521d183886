"""The page without a server: opened from what the device keeps, it shows the work as it stood."""

import asyncio

import pytest
from playwright.async_api import expect

from loadtest.process import free_port
from tests.browser.world import WITHIN_MS, Shop, run_page_node

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

UNTIL_IT_IS_KEPT = """async text => {
    const isKept = async () => {
        const cache = await caches.open('casebaton last view');
        const kept = await Promise.all((await cache.keys()).map(async key => (await cache.match(key)).text()));
        return kept.some(each => each.includes(text));
    };
    while (!(await isKept())) await new Promise(requestAnimationFrame);
}"""


async def test_without_a_server_the_page_opens_and_shows_the_last_view_until_there_is_one(shop: Shop) -> None:
    async with run_page_node(shop.store.url, port := free_port()):
        ana = await shop.window(url=f"http://127.0.0.1:{port}")
        await ana.sign_in("ana")
        await ana.go_online()
        async with asyncio.timeout(WITHIN_MS / 1000):
            await ana.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        case = await shop.submit("Printer on fire")
        await ana.press("offer-accept", ana.offer("Printer on fire"))
        await expect(ana.desk_case("Printer on fire")).to_be_visible()
        async with shop.node.signed_in("agent", "ana") as elsewhere:  # parked: the page may be left without a question
            baton = (await shop.events_of(case))[0]["baton"]
            await elsewhere.command("park_case", case=case, baton=baton)
        await expect(ana.desk_case("Printer on fire")).to_have_attribute("data-state", "parked")
        async with asyncio.timeout(WITHIN_MS / 1000):
            await ana.page.evaluate(UNTIL_IT_IS_KEPT, "Printer on fire")
    ana.may_complain_of("ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource")
    await ana.page.reload()
    await expect(ana.see("last-view-banner")).to_contain_text("No connection. What you see is how it stood at")
    await expect(ana.see("kept-case")).to_contain_text("Printer on fire")
    await expect(ana.see("last-view").get_by_role("button")).to_have_count(0)  # it is only to be read
    async with run_page_node(shop.store.url, port):
        await expect(ana.desk_case("Printer on fire")).to_be_visible()
        await expect(ana.see("last-view")).to_have_count(0)
