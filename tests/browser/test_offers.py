"""Offers: they ring, and end by a press, by the clock or by somebody else."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import expect

from casebaton.store.client import Answer
from tests.browser.world import Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# The figure is no higher than that, and the arc shows as much of the 90 s.
RUNS_DOWN = """atMost => {
    const left = Number(document.querySelector('[data-testid=countdown] b').textContent);
    const passed = document.querySelector('.ring .left').getAnimations()[0].currentTime;
    return left <= atMost && Math.abs(passed / 1000 - (90 - left)) < 2;
}"""


def hold_timers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Until this is set no time is up, however long the machine takes."""
    may_go_on, run = asyncio.Event(), shop.node.node.store.run

    async def held(name: str, *args: Any, **fields: Any) -> Answer:
        if name == "advance":
            await may_go_on.wait()
        return await run(name, *args, **fields)

    monkeypatch.setattr(shop.node.node.store, "run", held)
    return may_go_on


async def test_an_agent_signs_in_goes_online_accepts_and_completes(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Printer on fire", customer="Jo Smith", url="https://crm.example/1", priority=2)
    offer = ana.offer("Printer on fire")
    await expect(offer.get_by_test_id("countdown")).to_have_text(re.compile(r"^\d+$"))
    await expect(offer).to_contain_text("Jo Smith")
    await expect(offer.get_by_test_id("record-link")).to_have_attribute("href", "https://crm.example/1")
    await expect(offer).to_contain_text("Priority 2")
    await expect(offer.get_by_test_id("why-me")).to_contain_text(
        "Why you: idle for the longest. Why this case: nothing"
    )
    await expect(ana.page).to_have_title("(1) Offer – Casebaton")  # noqa: RUF001  # the page's own dash

    await ana.press("offer-accept", offer)
    desk_case = ana.desk_case("Printer on fire")
    await expect(desk_case).to_be_visible()
    await expect(offer).to_have_count(0)
    case = await ana.work_on("Printer on fire")
    await expect(case.locator(".facts").first).to_have_text(
        re.compile(r"^Jo SmithsupportcasePriority 2asked for \d+ sec ago$")
    )
    await expect(case.get_by_test_id("record-link")).to_have_attribute("href", "https://crm.example/1")
    await expect(case.get_by_test_id("work-clock")).to_have_text(re.compile(r"^0:\d\d$"))
    await expect(ana.see("capacity")).to_contain_text("1 of 20")

    await case.get_by_test_id("disposition").fill("solved")
    await ana.press("case-complete", case)
    await expect(desk_case).to_have_count(0)
    await ana.reads("notice", "“Printer on fire” is completed.")
    await expect(ana.see("capacity")).to_contain_text("0 of 20")
    await expect(ana.page).to_have_title("Casebaton")


async def test_a_countdown_runs_down(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire").get_by_test_id("countdown")).to_have_text(re.compile(r"^\d+$"))
    for at_most in (90, 89):
        await ana.page.wait_for_function(RUNS_DOWN, arg=at_most)


async def test_a_declined_offer_rings_at_the_next_agent(shop: Shop) -> None:
    ana = await shop.agent("ana")
    case = await shop.submit("Printer on fire")
    offer = ana.offer("Printer on fire")
    await expect(offer).to_be_visible()
    cy = await shop.agent("cy")
    await ana.press("offer-decline", offer)
    await ana.press("reason-missing-skill")
    await ana.confirm()
    await expect(offer).to_have_count(0)
    await expect(cy.offer("Printer on fire")).to_be_visible()
    declined = next(event for event in await shop.events_of(case) if event["type"] == "case_declined")
    assert declined["reason"] == "missing skill"


async def test_an_offer_nobody_answers_leaves_with_a_note(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = await shop.agent("ana")
    timers = hold_timers(shop, monkeypatch)
    await shop.submit("Printer on fire", channel="hasty")
    await expect(ana.offer("Printer on fire")).to_be_visible()
    timers.set()
    await ana.reads("notice", "The offer “Printer on fire” was not answered in time: returned to the queue support.")
    await expect(ana.offer("Printer on fire")).to_have_count(0)
    await ana.has_status("Not responding")
    for width in (390, 320):  # on a phone it is told in full, too
        await ana.page.set_viewport_size({"width": width, "height": 640})
        name = ana.see("status-menu").locator(".clip")
        assert await name.evaluate("({scrollWidth, clientWidth}) => scrollWidth <= clientWidth")
        assert await name.evaluate("({scrollHeight, clientHeight}) => scrollHeight < clientHeight + 8")  # half a line


async def test_a_withdrawn_offer_leaves_with_a_note(shop: Shop) -> None:
    ana = await shop.agent("ana")
    case = await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire")).to_be_visible()
    await shop.cancel(case)
    await ana.reads("notice", "The offer “Printer on fire” was withdrawn: it was cancelled.")
    await expect(ana.offer("Printer on fire")).to_have_count(0)


async def test_going_busy_hands_the_offer_back_and_says_so(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire")).to_be_visible()
    await ana.choose_status("status-busy")
    await ana.reads("notice", "returned to the queue support because you went busy.")
    await expect(ana.offer("Printer on fire")).to_have_count(0)


async def test_the_keyboard_alone_signs_in_and_accepts(shop: Shop) -> None:
    ana = await shop.window()
    await ana.page.goto(f"{ana.url}/agent")
    await ana.tab_to("sign-in-name")
    await ana.page.keyboard.type("ana")
    await ana.page.keyboard.press("Enter")
    await expect(ana.see("connection")).to_have_text("Connected")
    await ana.tab_to("go-online")
    await ana.page.keyboard.press("Enter")
    await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire")).to_be_visible()
    await ana.tab_to("offer-accept")
    await ana.page.keyboard.press("Enter")
    await expect(ana.desk_case("Printer on fire")).to_be_visible()


async def test_the_keyboard_alone_declines_with_another_reason(shop: Shop) -> None:
    ana = await shop.agent("ana")
    case = await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire")).to_be_visible()
    await ana.tab_to("offer-decline")
    await ana.page.keyboard.press("Enter")
    await ana.tab_to("reason-other")
    await ana.page.keyboard.type("lunch")
    await ana.page.keyboard.press("Enter")
    await expect(ana.offer("Printer on fire")).to_have_count(0)
    declined = next(event for event in await shop.events_of(case) if event["type"] == "case_declined")
    assert declined["reason"] == "lunch"
