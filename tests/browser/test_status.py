"""Statuses: chosen, for later, and set by the server."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_configured_status_is_chosen_by_its_name(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await ana.choose_status("status-break")
    await ana.has_status("break")
    await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire")).to_have_count(0)
    await ana.choose_status("status-online")
    await expect(ana.offer("Printer on fire")).to_be_visible()


async def test_a_status_that_declining_set_says_why_and_one_click_undoes_it(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Printer on fire", channel="fussy")
    offer = ana.offer("Printer on fire")
    await ana.press("offer-decline", offer)
    await ana.press("reason-missing-skill")
    await ana.confirm()
    await ana.has_status("break")
    said = ana.page.get_by_role("alert").filter(
        has_text="You were set to"
    )  # the offer that is leaving has an alert, too
    await expect(said).to_contain_text("You were set to “break” because you declined an offer.")
    await ana.press("undo-status")
    await ana.has_status("Online")
    await expect(ana.see("undo-status")).to_have_count(0)


async def test_a_call_is_given_outright_and_going_offline_waits_for_its_end(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Ringing off the hook", channel="call")
    desk_case = ana.desk_case("Ringing off the hook")
    await expect(desk_case).to_be_visible()
    await ana.reads("notice", "“Ringing off the hook” was given to you: it is on your desk.")

    await ana.choose_status("next-offline")
    await expect(ana.see("stay")).to_have_text("Stay “Online”")
    await ana.press("case-complete", await ana.work_on("Ringing off the hook"))
    await ana.has_status("Offline")
    await expect(ana.see("undo-status")).to_be_visible()


async def test_a_next_status_is_taken_back(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Ringing off the hook", channel="call")
    await expect(ana.desk_case("Ringing off the hook")).to_be_visible()
    await ana.choose_status("next-offline")
    await ana.press("stay")
    await expect(ana.see("stay")).to_have_count(0)
    await ana.has_status("Online")
