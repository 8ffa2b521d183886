"""A day's work: cases by keys alone, several at once, handed to a colleague, in a tab that nobody looks at."""

import re
from datetime import datetime

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def press_enter_on(window: Window, testid: str) -> None:
    """Reach it with Tab, and press it."""
    await window.tab_to(testid)
    await window.page.keyboard.press("Enter")


async def test_cases_go_through_everything_by_keys_alone(shop: Shop) -> None:
    ana = await shop.agent("ana")
    keys = ana.page.keyboard
    case = await shop.submit("Printer on fire")
    await expect(ana.offer("Printer on fire")).to_be_visible()
    await keys.press("Alt+a")
    await expect(ana.see("case")).to_contain_text("Printer on fire")

    await press_enter_on(ana, "case-park")  # the menu has the focus now
    await expect(ana.see("park-15")).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(ana.see("case-state")).to_have_text("Parked")
    await expect(ana.desk_case("Printer on fire")).to_contain_text("wakes ")
    await press_enter_on(ana, "case-resume")
    await expect(ana.see("case-state")).to_have_text("In work")

    await expect(ana.see("case-return")).to_be_enabled()
    await keys.press("Alt+r")
    await expect(ana.see("dialog")).to_be_visible()
    await ana.tab_to("reason-need-help")
    await keys.press("Space")
    await keys.press("Enter")
    await expect(ana.see("case")).to_have_count(0)
    await expect(ana.offer("Printer on fire")).to_have_count(0)  # who returned it is not asked again at once
    returned = (await shop.events_of(case))[0]
    assert (returned["type"], returned["reason"]) == ("case_returned", "need help")

    for subject in ("Wrong invoice", "Lost parcel"):
        await shop.submit(subject)
        await expect(ana.offer(subject)).to_be_visible()
        await keys.press("Alt+a")
        await expect(ana.see("case")).to_contain_text(subject)
    await press_enter_on(ana, "case-transfer")
    await ana.tab_to("transfer-queue")
    await keys.type("billing")
    await press_enter_on(ana, "dialog-confirm")
    await expect(ana.desk_case("Lost parcel")).to_have_count(0)
    await expect(ana.see("case")).to_contain_text("Wrong invoice")  # what is next on the desk
    await ana.tab_to("disposition")
    await keys.type("solved")
    await keys.press("Enter")
    await expect(ana.see("desk-case")).to_have_count(0)
    await keys.press("Alt+2")
    await ana.has_status("Busy")


async def test_a_case_that_a_colleague_hands_over_rings_and_says_from_whom_and_why(shop: Shop) -> None:
    ana, cy = await shop.agent("ana"), await shop.window()
    await shop.submit("Wrong invoice")
    await ana.press("offer-accept", ana.offer("Wrong invoice"))
    await cy.sign_in("cy")
    await cy.go_online()
    await ana.press("case-transfer", await ana.work_on("Wrong invoice"))
    await ana.see("transfer-search").fill("c")
    await ana.page.keyboard.press("Escape")  # closes the dialog, where a browser would only empty the field
    await expect(ana.see("dialog")).to_have_count(0)
    await ana.press("case-transfer")
    await ana.see("transfer-search").fill("c")
    await ana.press("colleague-cy")
    await ana.see("transfer-reason").fill("speaks danish")
    await ana.confirm()
    await ana.reads("notice", "“Wrong invoice” is offered to Cy; it is yours until it is accepted.")
    await expect(ana.see("standing")).to_contain_text("Offered to Cy; it is yours until it is accepted.")
    offer = cy.offer("Wrong invoice")
    await expect(offer.get_by_test_id("offer-from")).to_have_text("From Ana")
    await expect(offer.get_by_test_id("offer-reason")).to_have_text("“speaks danish”")
    await cy.press("offer-decline", offer)
    await cy.press("reason-busy")
    await cy.confirm()
    await ana.reads("notice", "“Wrong invoice” stays with you: Cy declined it (busy).")
    await expect(ana.desk_case("Wrong invoice")).to_be_visible()


async def test_several_cases_are_completed_at_once(shop: Shop) -> None:
    ana = await shop.agent("ana")
    for n in range(3):
        await shop.submit(f"Invoice {n}")
        await ana.press("offer-accept", ana.offer(f"Invoice {n}"))
        await expect(ana.desk_case(f"Invoice {n}")).to_be_visible()
    for n in range(2):
        await ana.desk_case(f"Invoice {n}").get_by_test_id("pick").check()
    await ana.press("complete-all")
    await expect(ana.see("desk-case")).to_have_count(1)
    await expect(ana.see("many")).to_have_count(0)
    await ana.reads("notice", "2 cases are completed.")


async def test_a_case_is_noted_read_changed_and_laid_aside(shop: Shop) -> None:
    ana = await shop.agent("ana", viewport={"width": 1440, "height": 900})
    await shop.submit("Printer on fire", customer="Jo Smith")
    await ana.press("offer-accept", ana.offer("Printer on fire"))
    await ana.see("note-text").fill("Asked for the <b>serial</b> number.\nCalls back at noon.")
    await ana.press("note-add")
    await expect(ana.see("note")).to_contain_text("Asked for the <b>serial</b> number.")
    await expect(ana.page.get_by_role("tab", name="1 note")).to_be_visible()
    await ana.page.get_by_role("tab", name="Timeline").click()
    entries = ana.see("timeline").locator(".entry b")
    await expect(entries).to_have_text(["Note", "Accepted", "Offered", "Came into the queue"])
    await expect(ana.see("timeline")).to_contain_text("to Ana")
    await ana.page.get_by_role("tab", name="Why").click()
    await expect(ana.see("why")).to_contain_text("Ana: ")

    await ana.press("case-edit")
    await ana.see("edit-subject").fill("Printer out")
    await ana.see("edit-priority").select_option("1")
    await ana.confirm()
    await expect(ana.see("case").get_by_role("heading", name="Printer out", exact=True)).to_be_visible()
    await expect(ana.see("case").locator(".facts").first).to_have_text(re.compile("^Jo Smith.*Priority 1"))

    await ana.press("case-park")
    await ana.press("park-choose")
    year = datetime.now().year + 1  # noqa: DTZ005  # where the browser is
    await ana.see("park-at").fill(f"{year - 2}-03-04T09:30")
    await ana.confirm()
    await expect(ana.see("dialog")).to_contain_text("Choose a time that is still to come.")
    await ana.see("park-at").fill(f"{year}-03-04T09:30")
    await ana.confirm()
    await expect(ana.see("case-state")).to_have_text("Parked")
    await expect(ana.page.locator(".agenda")).to_contain_text("Mar 4, 9:30")
    await expect(ana.desk_case("Printer out")).to_contain_text("Mar 4, 9:30")


async def test_a_tab_that_nobody_sees_gets_its_offer_and_says_so_in_its_title(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await ana.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    await ana.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await ana.page.evaluate("requestAnimationFrame = () => 0")  # as in a tab that is not drawn
    await shop.submit("Printer on fire")
    await expect(ana.page).to_have_title("(1) Offer – Casebaton")  # noqa: RUF001  # the page's own dash
    assert await ana.page.evaluate("document.querySelector('link[rel=icon]').dataset.dot") == "true"


async def test_signing_out_in_one_tab_signs_out_the_others(shop: Shop) -> None:
    here = await shop.agent("ana")
    there = Window(await here.page.context.new_page(), here.url)
    await there.sign_in("ana")
    await expect(there.see("status-menu")).to_be_visible()
    await here.sign_out()
    await expect(there.see("sign-in-name")).to_be_visible()
    assert there.unexpected == []
