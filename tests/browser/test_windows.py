"""Two windows at once: of two agents who want the same case, and of one agent."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop, press_together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_of_two_who_take_a_case_at_once_one_owns_it_and_the_other_reads_who(shop: Shop) -> None:
    windows = {"ana": await shop.agent("ana"), "bo": await shop.agent("bo")}
    names = {"ana": "Ana", "bo": "Bo"}
    have_won = set()
    for race in range(10):
        for window in windows.values():
            await window.open_queue("pool")
        subject = f"Wanted {race}."
        case = await shop.submit(subject, queue="pool")
        await press_together(*(window.row(subject).get_by_test_id("queue-take") for window in windows.values()))
        for window in windows.values():
            await expect(window.row(subject)).to_have_count(0)
        owner = (await shop.owner_of(case)).removeprefix("agent:")
        winner = windows[owner]
        (loser,) = (window for window in windows.values() if window is not winner)
        await expect(winner.desk_case(subject)).to_be_visible()
        if owner not in have_won:  # the first case that somebody takes opens in the line's place
            await expect(winner.see("case")).to_contain_text(subject)
            have_won.add(owner)
        await loser.reads("notice", f"“{subject}”: {names[owner]} has it.")
        await expect(loser.desk_case(subject)).to_have_count(0)
        await expect(winner.see("notice").filter(has_text=subject)).to_have_count(0)
        assert [event["type"] for event in await shop.events_of(case)] == ["case_taken", "case_queued"]


async def test_what_one_window_accepts_the_agents_other_window_shows(shop: Shop) -> None:
    here = await shop.agent("ana")
    there = await shop.window()
    await there.sign_in("ana")
    await shop.submit("Printer on fire")
    await expect(here.offer("Printer on fire")).to_be_visible()
    await expect(there.offer("Printer on fire")).to_be_visible()
    await here.press("offer-accept", here.offer("Printer on fire"))
    await expect(there.desk_case("Printer on fire")).to_be_visible()
    await expect(there.offer("Printer on fire")).to_have_count(0)
    await there.choose_status("status-busy")
    await here.has_status("Busy")
    await there.press("case-complete", await there.work_on("Printer on fire"))
    await expect(here.desk_case("Printer on fire")).to_have_count(0)
