"""A technician's day on a phone."""

import time
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.world import Shop, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HOUR_MS = 3_600_000
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL = PHONE | {"viewport": {"width": 320, "height": 600}}


async def appointment(shop: Shop, subject: str, hours: int = 2) -> str:
    """Submit an appointment in so many hours; its id."""
    from_ms = int(time.time()) * 1000 + hours * HOUR_MS
    window = {"from_ms": from_ms, "until_ms": from_ms + HOUR_MS}
    return await shop.submit(
        subject, queue="field", channel="visit", customer="Zoe", place="1 Main St & Yard", window=window
    )


async def accept(tech: Window, subject: str) -> None:
    """Accept an appointment; it opens."""
    await tech.press("offer-accept", tech.offer(subject))
    await expect(tech.see("case").filter(has_text=subject)).to_be_visible()


async def planned(tech: Window, subject: str) -> Locator:
    """From what was accepted, once it has opened, go to the list of appointments; this one in it."""
    await tech.press("back")
    await tech.press("go-appointments")
    return tech.see("appointment").filter(has_text=subject)


async def test_a_technician_accepts_an_appointment_and_goes_through_its_stages_with_one_thumb(shop: Shop) -> None:
    tech = await shop.agent("tech", **PHONE)
    case = await appointment(shop, "No warm water")
    offer = tech.offer("No warm water")
    await expect(offer).to_contain_text("1 Main St & Yard")
    await expect(offer.get_by_test_id("window")).to_be_visible()
    button = await offer.get_by_test_id("offer-accept").bounding_box()
    assert button is not None
    assert button["height"] >= 48
    assert button["y"] > 844 / 2  # where the thumb is
    assert await tech.is_within_its_width()
    await accept(tech, "No warm water")
    await expect(tech.see("case").get_by_test_id("stage-next")).to_be_visible()  # here as well as in the list
    await expect(tech.see("case-state")).to_have_text("Planned")
    await expect(tech.see("work-clock")).to_have_count(0)
    mine = await planned(tech, "No warm water")
    await expect(mine.locator("a.map")).to_have_attribute("href", "geo:0,0?q=1%20Main%20St%20%26%20Yard")
    for stage in ("dispatched", "travelling", "in_progress"):
        await tech.press("stage-next", mine)
        await expect(mine).to_have_attribute("data-stage", stage)
    await expect(tech.see("work-clock")).to_have_count(1)  # of the desk, behind this
    await tech.press("stage-next", mine)
    await expect(mine).to_have_count(0)
    await tech.reads("notice", "“No warm water” is completed.")
    assert (await shop.events_of(case))[0]["type"] == "case_closed"
    assert await tech.is_within_its_width()


async def test_an_offer_that_rings_for_long_makes_room_for_the_work(shop: Shop) -> None:
    tech = await shop.agent("tech", **SMALL)
    await appointment(shop, "Now")
    await accept(tech, "Now")
    await appointment(shop, "Next", 5)
    offer = tech.offer("Next")
    await expect(offer.get_by_test_id("offer-accept")).to_be_visible()  # in full at first
    header = await tech.page.locator("header.top").bounding_box()
    assert header
    assert header["height"] < 60  # one row
    await tech.press("case-complete")  # a slip: asked once, since stages are left
    await tech.reads("dialog", "“Now” is only “Scheduled”.")
    await tech.press("dialog-cancel")
    mine = await planned(tech, "Now")
    await expect(offer.get_by_test_id("offer-accept")).to_be_hidden()
    line = await offer.bounding_box()
    assert line
    assert line["height"] < 60
    await tech.press("stage-next", mine)
    await expect(mine.get_by_test_id("stage")).to_have_text("Confirmed")
    await tech.press("offer-fold", offer)
    await tech.press("offer-accept", offer)
    await expect(offer).to_have_count(0)


async def test_appointments_stand_by_day_and_what_cannot_be_completed_is_closed_with_a_reason(shop: Shop) -> None:
    tech = await shop.agent("tech", **SMALL)
    for subject, hours in (("Later", 80), ("Sooner", 30)):
        case = await appointment(shop, subject, hours)
        await accept(tech, subject)
    sooner = await planned(tech, "Sooner")
    await expect(tech.see("appointment").first).to_contain_text("Sooner")
    await expect(tech.see("stage-next")).to_have_count(1)  # of the next one alone
    assert await tech.is_within_its_width()
    await tech.press("stage-cannot", sooner)
    await tech.see("reason-other").fill("nobody home")
    await tech.confirm()
    await expect(sooner).to_have_count(0)
    closed = (await shop.events_of(case))[0]
    assert (closed["stage"], closed["reason"]) == ("cannot_complete", "nobody home")
    await expect(tech.see("appointment").filter(has_text="Later").get_by_test_id("stage-next")).to_be_visible()
