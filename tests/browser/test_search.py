"""Searching: what the page has at once, then what the server finds."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.world import Shop, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def found(window: Window, subject: str) -> Locator:
    """A result."""
    return window.see("found").filter(has_text=subject)


async def search(window: Window, text: str) -> None:
    """Look for this by keyboard alone."""
    await window.page.keyboard.press("/")
    await expect(window.see("search-box")).to_be_focused()
    await window.page.keyboard.type(text)


async def test_a_slash_searches_in_ones_hands_and_in_ones_queues(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Printer on fire", customer="Zoe")
    await ana.press("offer-accept", ana.offer("Printer on fire"))
    await expect(ana.desk_case("Printer on fire")).to_be_visible()
    await shop.submit("Printer without paper", queue="pool")
    await shop.submit("Phone without tone", queue="pool")
    await search(ana, "PRINTER")
    await expect(found(ana, "Printer on fire")).to_contain_text("In your hands")
    await expect(found(ana, "Printer without paper")).to_contain_text("Waiting")
    await expect(ana.see("found")).to_have_count(2)
    await ana.page.keyboard.press("ArrowDown")
    await ana.page.keyboard.press("Enter")
    await expect(ana.see("case").filter(has_text="Printer on fire")).to_be_visible()


async def test_what_waits_is_opened_where_it_can_be_taken_and_nothing_found_is_said(shop: Shop) -> None:
    ana = await shop.agent("ana")
    case = await shop.submit("Printer without paper", queue="pool")
    await search(ana, "unheard <b>of</b>")
    await ana.reads("empty", "Nothing found for “unheard <b>of</b>”")
    await ana.see("search-box").fill(case)
    await found(ana, "Printer without paper").click()
    await expect(ana.see("other-case")).to_be_visible()
    await ana.page.keyboard.press("Escape")
    await found(ana, "Printer without paper").click()  # what was found is still there
    await ana.press("case-take", ana.see("other-case").filter(has_text="Printer without paper"))
    await expect(ana.desk_case("Printer without paper")).to_be_visible()
