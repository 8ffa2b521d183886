"""Notices: how long they stay, and that they are in nobody's way."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 390, "height": 844}


async def withdraw_an_offer(shop: Shop, window: Window, subject: str) -> None:
    """Let the window hear that an offer was withdrawn."""
    case = await shop.submit(subject)
    await expect(window.offer(subject)).to_be_visible()
    await shop.cancel(case)
    await window.reads("notice", f"The offer “{subject}” was withdrawn")


async def withdraw_three(shop: Shop, window: Window) -> None:
    """Three notices; none goes by itself, since the pointer is on them from the first one on."""
    for n in range(3):
        await withdraw_an_offer(shop, window, f"Printer {n} on fire")
        if n == 0:
            await window.see("notice").hover()


async def test_news_go_after_eight_seconds_but_not_under_somebodys_eyes(shop: Shop) -> None:
    ana = await shop.window()
    await ana.page.clock.install()
    await ana.sign_in("ana")
    await ana.go_online()
    await withdraw_an_offer(shop, ana, "Printer on fire")
    await ana.see("notice").hover()
    await ana.page.clock.run_for(20_000)
    await expect(ana.see("notice")).to_have_count(1)
    await ana.page.mouse.move(0, 0)
    await ana.see("notice").get_by_role("button").focus()
    await ana.page.clock.run_for(20_000)
    await expect(ana.see("notice")).to_have_count(1)
    await ana.see("status-menu").focus()
    await ana.page.clock.run_for(8_200)
    await expect(ana.see("notice")).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1000, "height": 900}, {"width": 1440, "height": 900}])
async def test_notices_move_nothing_and_cover_no_answer(shop: Shop, viewport: dict[str, int]) -> None:
    ana = await shop.agent("ana", viewport=viewport)
    await withdraw_three(shop, ana)
    await shop.submit("Wrong invoice")
    offer, page, said = ana.offer("Wrong invoice"), ana.page.locator("main"), ana.see("notice").first
    await expect(offer.get_by_test_id("why-me")).to_be_attached()  # the last of it to come
    with_notices, over, answer = await page.bounding_box(), await said.bounding_box(), await offer.bounding_box()
    assert over
    assert answer
    beside = over["x"] >= answer["x"] + answer["width"]
    assert beside or over["y"] + over["height"] <= answer["y"] or over["y"] >= answer["y"] + answer["height"]
    await ana.see("notice").locator("button").evaluate_all("all => all.forEach(one => one.click())")
    await expect(said).to_have_count(0)
    assert await page.bounding_box() == with_notices
    await ana.press("offer-accept", offer)
    await expect(ana.desk_case("Wrong invoice")).to_have_count(1)


async def test_a_phone_shows_the_newest_notice_and_counts_the_others(shop: Shop) -> None:
    ana = await shop.agent("ana", viewport=PHONE)
    await withdraw_three(shop, ana)
    visible = ana.see("notice").filter(visible=True)
    await expect(visible).to_have_count(1)
    await expect(visible).to_contain_text("Printer 2 on fire")
    await expect(ana.see("more-notices")).to_have_text("And 2 more")
    await visible.get_by_role("button").click()
    await expect(visible).to_contain_text("Printer 1 on fire")
