"""What an agent has done today."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_day_counts_what_was_handled_and_follows_what_happens(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await ana.press("go-day")
    await expect(ana.see("day-handled")).to_have_text("0")
    await shop.submit("Printer on fire", url="https://crm.example/1")
    await ana.press("offer-accept", ana.offer("Printer on fire"))
    await ana.press("case-complete")
    await expect(ana.desk_case("Printer on fire")).to_have_count(0)
    await ana.press("go-day")
    await expect(ana.see("day-handled")).to_have_text("1")
    await expect(ana.see("day-accepted")).to_contain_text("1 of 1")
    await expect(ana.see("day-handle-time")).to_contain_text("of handled and handed-on cases")
    finished = ana.see("finished").filter(has_text="Printer on fire")
    await expect(finished.get_by_test_id("record-link")).to_have_attribute("href", "https://crm.example/1")
    await shop.submit("Not mine")
    await ana.press("offer-decline", ana.offer("Not mine"))
    await ana.see("reason-other").fill("busy")
    await ana.confirm()
    await expect(ana.see("day-declined")).to_have_text("1")  # while it is looked at
