"""The agent page's keys, and the help that explains them."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_question_mark_shows_the_keys_until_they_are_switched_off(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await ana.page.keyboard.press("?")
    await expect(ana.see("shortcuts")).to_contain_text("Accept the ringing offer")
    await ana.see("shortcuts-on").uncheck()
    await ana.page.keyboard.press("Escape")
    await expect(ana.see("shortcuts")).to_have_count(0)
    await ana.page.keyboard.press("?")
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
