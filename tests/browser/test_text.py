"""Text of strangers: shown as text, in its place, on any width."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(1)</script>{{alert(1)}}${alert(1)}"
LONG = "Donaudampfschifffahrtsgesellschaft" * 5
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_markup_and_endless_words_are_text_and_fit_a_phone(shop: Shop, scheme: str) -> None:
    mallory = await shop.agent("mallory", viewport=PHONE, color_scheme=scheme)
    await expect(mallory.page.locator("h1")).to_contain_text(f"{IMAGE}nimda")
    url = f"https://{LONG[:60]}.example/{LONG}"
    for queue in ("support", "support", "q" * 64):
        await shop.submit(f"{IMAGE} {SCRIPT} {queue}", queue=queue, customer=LONG, url=url)
    offer = mallory.offer(f"{IMAGE} {SCRIPT} support")
    await expect(offer).to_contain_text(LONG)
    await mallory.press("offer-accept", offer)
    await expect(mallory.see("case")).to_contain_text(IMAGE)
    await mallory.press("back")
    await mallory.open_queue("q" * 64)
    await mallory.press("queue-take", mallory.row(f"{IMAGE} {SCRIPT} {'q' * 64}"))
    await mallory.press("back")
    await expect(mallory.see("desk-case")).to_have_count(2)
    await expect(offer).to_be_visible()  # the second one
    header = await mallory.page.locator("header.top").bounding_box()
    assert header is not None
    assert header["height"] < PHONE["height"] / 4
    assert await mallory.page.locator("main img, main script, h1 img").count() == 0
    assert await mallory.is_within_its_width()
    await mallory.page.set_viewport_size({"width": 1440, "height": 900})
    workspace = await mallory.page.locator("h1 .workspace").bounding_box()
    assert workspace is not None
    assert workspace["width"] > workspace["height"]  # in one line, however long the name


async def test_a_note_about_a_hostile_subject_is_text(shop: Shop) -> None:
    ana = await shop.agent("ana", viewport=PHONE)
    case = await shop.submit(f"{IMAGE} {LONG}")
    await expect(ana.offer(IMAGE)).to_be_visible()
    await shop.cancel(case)
    await ana.reads("notice", f"The offer “{IMAGE} {LONG}” was withdrawn")
    assert await ana.is_within_its_width()


async def test_a_change_of_writing_direction_is_shown_not_obeyed(shop: Shop) -> None:
    ana = await shop.agent("ana")
    case = await shop.submit("invoice\u202egnp.exe", customer="\u2067ynnep\u2069\u200b")
    offer = ana.offer("invoice\ufffdgnp.exe")
    await expect(offer).to_contain_text("\ufffdynnep\ufffd\ufffd")
    await ana.press("offer-decline", offer)
    await expect(ana.see("dialog").locator("h2")).to_have_text("Decline “invoice\ufffdgnp.exe”")
    await ana.press("dialog-cancel")
    await shop.cancel(case)
    await ana.reads("notice", "The offer “invoice\ufffdgnp.exe” was withdrawn")
