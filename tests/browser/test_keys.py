"""The agent page's keys, and the help that explains them."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_question_mark_shows_the_keys_until_they_are_switched_off(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await ana.page.keyboard.press("?")
    await expect(ana.see("shortcuts")).to_contain_text("Accept the ringing offer")
    await expect(ana.see("shortcuts").get_by_role("heading", level=3)).to_have_text(["Here", "In lists and tables"])
    await ana.see("shortcuts-on").uncheck()
    await ana.page.keyboard.press("Escape")
    await expect(ana.see("shortcuts")).to_have_count(0)
    await ana.page.keyboard.press("?")
    await ana.press("account-menu")
    await ana.press("preferences")  # by now the key would have shown them
    await expect(ana.see("shortcuts-on")).not_to_be_checked()
    await expect(ana.see("shortcuts")).to_have_count(0)


async def test_an_offer_is_accepted_and_another_declined_by_keys(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Wanted")
    await expect(ana.offer("Wanted")).to_be_visible()
    await ana.page.keyboard.press("Alt+a")
    await expect(ana.desk_case("Wanted")).to_be_visible()
    await shop.submit("Unwanted")
    await expect(ana.offer("Unwanted")).to_be_visible()
    await ana.page.keyboard.press("Alt+d")
    await ana.see("reason-other").fill("busy")
    await ana.confirm()
    await expect(ana.offer("Unwanted")).to_have_count(0)


async def test_offers_are_answered_beside_an_open_dialog_and_what_is_written_there_stays(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("First")
    await ana.press("offer-accept", ana.offer("First"))
    await ana.press("case-return", await ana.work_on("First"))
    written = ana.see("reason-other")
    await written.fill("half a sen")
    ringing = ana.see("offer-beside")
    await shop.submit("By hand", customer="Dov Levi")
    await expect(ringing.get_by_role("alert")).to_contain_text("New offer: “By hand”, queue support")
    await expect(written).to_be_focused()  # nobody is interrupted
    await expect(ringing).to_contain_text("Dov Levi")
    await ana.press("accept-beside", ringing)
    await ana.reads("notice-beside", "“By hand” is yours")
    await shop.submit("By key")
    await expect(ringing).to_contain_text("By key")
    await written.focus()
    await ana.page.keyboard.press("Alt+a")
    await ana.reads("notice-beside", "“By key” is yours")
    await shop.submit("Unwanted")
    await expect(ringing).to_contain_text("Unwanted")
    await ana.press("decline-beside", ringing)
    decline = ana.see("dialog").filter(has_text="Decline “Unwanted”").last
    await decline.get_by_test_id("reason-other").fill("busy")
    await decline.get_by_test_id("dialog-confirm").click()
    await expect(ringing).to_have_count(0)
    await expect(written).to_have_value("half a sen")
    await ana.confirm()
    await expect(ana.desk_case("First")).to_have_count(0)
    await expect(ana.see("desk-case")).to_have_count(2)


async def test_a_raised_flag_stands_in_the_header_until_it_is_answered(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await ana.press("flag-raise")
    await ana.see("flag-text").fill("The customer shouts")
    await ana.confirm()
    await expect(ana.see("flag-up")).to_be_visible()
    async with shop.node.signed_in("supervisor", "sue") as sue:
        await sue.command("answer_flag", agent="ana", text="On my way")
    await ana.reads("notice", "Supervisor sue has seen to your call for help: “On my way”")
    await expect(ana.see("flag-up")).to_have_count(0)
