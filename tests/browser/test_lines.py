"""Queues and their lines: live, long, filtered, taken from one by one and several at once."""

import httpx2
import pytest
from playwright.async_api import Locator, expect

from tests.browser.world import WITHIN_MS, Shop, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AT_ONCE = 100  # cases of one batch
DRAWN = "document.querySelectorAll('[data-testid=line-rows] [data-testid=grid-row]').length"


async def in_line(window: Window, queue: str) -> None:
    """Show a queue's line."""
    await window.page.locator(f"[data-testid=queue-tab][data-queue={queue}]").click()
    await expect(window.see("line")).to_have_attribute("data-queue", queue)


def waiting(window: Window, subject: str) -> Locator:
    """A case in the line."""
    return window.see("line-rows").get_by_test_id("grid-row").filter(has_text=subject)


async def test_of_several_that_are_taken_at_once_each_has_its_result(shop: Shop) -> None:
    dee = await shop.agent("dee")
    for subject in ("First", "Second", "Third"):
        await shop.submit(subject, queue="pool")
    await expect(dee.page.locator("[data-testid=queue-tab][data-queue=pool]")).to_contain_text("3")
    await in_line(dee, "pool")
    for subject in ("First", "Second", "Third"):
        await waiting(dee, subject).get_by_role("checkbox").click()
    await expect(dee.see("take-chosen")).to_have_text("Take 3")
    await dee.press("take-chosen")
    taken = dee.see("taken")
    await expect(taken).to_have_count(3)
    await expect(dee.page.locator("[data-testid=taken][data-won=true]")).to_have_count(2)
    await expect(dee.page.locator("[data-testid=taken][data-won=false]")).to_contain_text("you have no room for it")
    await expect(dee.see("desk-case")).to_have_count(2)
    await expect(dee.see("line-rows").get_by_test_id("grid-row")).to_have_count(1)
    await expect(dee.see("line-waiting")).to_have_text("1 waiting")
    await dee.press("takes-close")
    await expect(taken).to_have_count(0)


async def test_a_long_line_is_scrolled_to_its_end_and_few_of_its_rows_are_drawn(shop: Shop) -> None:
    await submit_many(shop, 240)
    ana = await shop.agent("ana")
    await in_line(ana, "pool")
    await expect(ana.see("line-waiting")).to_have_text("240 waiting")
    grid = ana.see("line-rows")
    await expect(grid).to_have_attribute("aria-rowcount", "101")
    await grid.focus()
    await ana.page.keyboard.press("End")
    await expect(grid).to_have_attribute("aria-rowcount", "241")
    await expect(ana.see("line-more")).to_have_count(0)
    await ana.page.keyboard.press("End")
    await expect(waiting(ana, "Case #239.")).to_be_visible()
    assert await ana.page.evaluate(DRAWN) < 60
    await ana.see("line-filter").fill("case #7.")
    await expect(waiting(ana, "Case #7.")).to_be_visible()
    await expect(ana.see("line-rows").get_by_test_id("grid-row")).to_have_count(1)
    await ana.press("queue-take", waiting(ana, "Case #7."))
    await expect(ana.see("case")).to_contain_text("Case #7.")  # the first in hand opens
    await in_line(ana, "pool")
    await expect(ana.see("line-waiting")).to_have_text("239 waiting")
    await ana.press("take-next")
    await expect(ana.desk_case("Case #0.")).to_be_visible()
    async with shop.node.signed_in("supervisor", "sue") as sue:
        await sue.command("pause_queue", queue="pool")
    await ana.reads("queue-state", "paused this queue")
    await expect(ana.page.locator("[data-queue=pool][data-testid=queue-tab]")).to_contain_text("Paused")


async def test_on_a_phone_a_line_is_a_list_within_its_width(shop: Shop) -> None:
    ana = await shop.agent("ana", viewport={"width": 320, "height": 640}, has_touch=True)
    await shop.submit("A subject of so many words that they do not stand beside each other", queue="pool")
    await in_line(ana, "pool")
    await expect(waiting(ana, "A subject").get_by_test_id("queue-take")).to_be_visible()
    assert await ana.is_within_its_width()
    await ana.press("queue-take", waiting(ana, "A subject"))
    await expect(waiting(ana, "A subject")).to_have_count(0)


async def submit_many(shop: Shop, count: int) -> None:
    """Let so many cases wait in the pool, `Case #0.` first."""
    headers = {"Authorization": f"Bearer {shop.node.token('producer', 'crm')}"}
    async with httpx2.AsyncClient(base_url=shop.node.base_url, headers=headers, timeout=WITHIN_MS / 1000) as http:
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            cases = [{"id": f"m-{n}", "case": f"m-{n}", "queue": "pool", "subject": f"Case #{n}."} for n in numbers]
            answer = await http.post("/v1/acme/cases", json=cases)
            assert answer.status_code == 207, answer.text
