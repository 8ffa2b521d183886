"""The dashboard's cases, queues, alerts, roster, configuration and health: what it tells, and what can be done."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from casebaton.store.keys import log_key
from tests.browser.dashboard import AXE, BROKEN, administer, show, supervise
from tests.browser.world import WITHIN_MS, Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_case_tells_why_it_waits_and_whose_it_has_been(shop: Shop) -> None:
    case = await shop.submit("Printer on fire")
    sue = await supervise(shop, f"case/{case}")
    await expect(sue.see("why-sentence")).to_have_text("Nobody who may have it is online (3 agents).")
    await expect(sue.see("why-place")).to_have_text("Number 1 of 1 in the line.")
    await expect(sue.see("why-agents")).to_contain_text("3 agents not online")
    async with shop.node.online("ana") as ana:
        offer = await ana.event("case_offered", case=case)
        await expect(sue.see("case-state")).to_have_text("Offered")
        assert "ok" in await ana.command("accept_case", case=case, baton=offer["baton"])
        await expect(sue.see("why-sentence")).to_have_text("In work: it is with Ana.")
        told: list[str | re.Pattern[str]] = [
            re.compile("^Ana accepted it"),
            "Offered to Ana, first in line by priority",
            "Came into support",
        ]
        await expect(sue.see("entry").locator("p:first-child")).to_have_text(told)
        await sue.see("note-text").fill("<b>Call back</b>")
        await sue.press("add-note")
        await expect(sue.see("entry").first).to_contain_text("<b>Call back</b>")
        await sue.press("return")
        await sue.press("reason-need-help")
        await sue.confirm()
        assert (await ana.event("case_returned", case=case))["reason"] == "need help"
        await expect(sue.see("entry").first).to_contain_text("Went back to support, from Ana, need help")


async def test_a_case_is_found_by_its_words_which_stay_out_of_the_address(shop: Shop) -> None:
    await shop.submit("Printer on fire")
    await shop.submit("Password forgotten")
    sue = await supervise(shop, "cases")
    await sue.see("find-case").fill("fire print")
    await sue.see("grid-row").filter(has_text="Printer on fire").click()
    await expect(sue.see("case-head")).to_contain_text("Printer on fire")
    assert "fire" not in sue.page.url
    sue.may_complain_of("404")  # no history is kept here: each place that would show it says so
    await show(sue, "reports")
    await expect(sue.see("no-history")).to_contain_text("history_url is “none”")


async def test_a_queue_is_paused_with_a_reason_and_goes_on(shop: Shop) -> None:
    sue = await supervise(shop, "queue/support")
    await expect(sue.see("queue-head")).to_contain_text("Open")
    await expect(sue.see("chart").locator("canvas")).to_have_count(2)
    await sue.press("pause-queue")
    await sue.confirm()
    await sue.reads("reason-wrong", "Choose a reason")
    await sue.page.evaluate(AXE)
    assert await sue.page.evaluate(BROKEN) == []
    await sue.press("reason-incident")
    await sue.confirm()
    await sue.reads("notice", "support is paused.")
    await expect(sue.see("queue-head")).to_contain_text("Paused")
    async with shop.node.online("cy") as cy:
        await shop.submit("Printer on fire")
        await expect(sue.see("grid-row")).to_have_count(1)
        await sue.press("why-of")
        await expect(sue.see("why-sentence")).to_have_text("A supervisor has paused the queue.")
        await sue.press("dialog-close")
        await sue.press("resume-queue")
        await cy.event("case_offered")
        await expect(sue.see("queue-head")).to_contain_text("Open")


async def test_waiting_cases_are_moved_together_each_with_its_own_outcome(shop: Shop) -> None:
    sue = await supervise(shop, "queue/support")
    cases = [await shop.submit(subject) for subject in ("Printer on fire", "Password forgotten", "Screen is blue")]
    await expect(sue.see("grid-row")).to_have_count(3)
    await sue.see("line").get_by_label("Select all").check()
    await shop.cancel(cases[1])  # meanwhile
    await expect(sue.see("many")).to_contain_text("2 cases chosen")
    await sue.press("transfer-many")
    await sue.see("transfer-queue").select_option("billing")
    await sue.confirm()
    await expect(sue.see("outcomes-done")).to_have_text("Done for 2 cases.")
    await sue.press("dialog-close")
    await expect(sue.see("empty")).to_contain_text("Nobody waits here")
    assert await shop.owner_of(cases[0]) == "queue:billing"


async def test_an_alert_is_counted_until_somebody_has_seen_it_and_leads_to_its_case(shop: Shop) -> None:
    sue = await supervise(shop)
    async with shop.node.online("ana") as ana:
        case = await shop.submit("Printer on fire")
        offer = await ana.event("case_offered", case=case)
        assert "ok" in await ana.command("decline_case", case=case, baton=offer["baton"], reason="busy")
    await expect(sue.see("alert-count")).to_have_text("1")
    await sue.press("go-alerts")
    await expect(sue.see("alert")).to_contain_text("Declined or missed by everybody there")
    await expect(sue.see("alert")).to_contain_text("Printer on fire")
    await sue.press("see")
    await expect(sue.see("alert-count")).to_have_count(0)
    await sue.page.reload()  # this browser remembers
    await expect(sue.see("alerts-over").get_by_test_id("alert")).to_have_count(1)
    await expect(sue.see("alert-count")).to_have_count(0)
    await sue.press("alert-link")
    await expect(sue.see("case-head")).to_contain_text("Printer on fire")


async def test_the_roster_is_edited_by_a_supervisor(shop: Shop) -> None:
    sue = await supervise(shop, "roster")
    await sue.see("find-person").fill("ana")
    await expect(sue.see("grid-row")).to_have_count(1)
    await sue.press("edit-person")
    await sue.see("capacity").fill("7")
    await sue.see("interruptible-capacity").fill("7")
    await sue.see("queue-billing").check()
    await sue.press("save-person")
    await sue.reads("notice", "Ana was changed.")
    await expect(sue.see("grid-row")).to_contain_text("7 (7)billing, pool, support")
    await expect(sue.see("import")).to_have_count(0)


async def test_a_roster_is_tried_row_by_row_before_it_is_imported(shop: Shop) -> None:
    ann = await administer(shop, "roster")
    await ann.press("import")
    await ann.see("import-text").fill("agent,name,capacity\nana,,many\n")
    await ann.press("try-import")
    await expect(ann.see("refused")).to_contain_text("Line 2: capacity")
    await ann.see("import-text").fill("agent,name,queues\nana,Anna,support\nzoe,Zoe,billing\n")
    await ann.press("try-import")
    await expect(ann.see("import-row")).to_have_text(["anachanged", "zoenew"])
    await expect(ann.see("roster-shown")).not_to_contain_text("7")
    await ann.press("do-import")
    await expect(ann.see("import-results")).to_contain_text("This happened")
    await ann.press("dialog-close")
    await ann.see("find-person").fill("zoe")
    await expect(ann.see("grid-row")).to_have_count(1)
    await ann.press("remove-person")
    await ann.confirm()
    await ann.reads("notice", "Zoe was removed.")
    await expect(ann.see("roster-shown")).not_to_contain_text("1 of")


async def test_a_faulty_document_is_tried_and_every_fault_has_its_path(shop: Shop) -> None:
    sue = await supervise(shop, "configuration")
    await expect(sue.see("section-queues")).to_contain_text("billing")
    await sue.page.locator("[data-tab=edit]").click()
    text = await sue.see("document-editor").input_value()
    wrong = text.replace("[queues.support]\n", '# mine\n[queues.support]\nmode = "psh"\n')
    await sue.see("document-editor").fill(wrong.replace("ring_s = 90\n", "ring_s = 0\n"))
    await sue.press("try")
    await expect(sue.see("finding")).to_have_text(
        [re.compile(r"^\$\.channels\.case\.ring_s line \d+ "), re.compile(r"^\$\.queues\.support\.mode line \d+ ")]
    )
    await sue.see("finding").get_by_role("button").last.click()
    marked = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert await sue.page.evaluate(marked) == "mode"
    await sue.see("document-editor").fill(text.replace("[queues.support]\n", '[queues.support]\nmode = "both"\n'))
    await sue.press("try")
    await expect(sue.see("effect")).to_contain_text("It would change 1 thing")
    await expect(sue.see("change")).to_contain_text("modepush both")
    await expect(sue.see("apply")).to_have_count(0)  # an administrator's


async def test_an_administrator_applies_a_version_and_brings_the_one_before_back(shop: Shop) -> None:
    ann = await administer(shop, "configuration")
    await ann.page.locator("[data-tab=edit]").click()
    text = await ann.see("document-editor").input_value()
    await ann.see("document-editor").fill(text.replace("[queues.support]\n", "[queues.support]\nrank = 3\n"))
    await ann.press("try")
    await ann.press("apply")
    await ann.confirm()
    await ann.reads("notice", "It is in force now.")
    await expect(ann.see("version")).to_have_count(2)
    await ann.page.locator("[data-tab=compare]").click()
    await expect(ann.see("difference")).to_have_text("$.queues.support.rank03")
    await ann.see("version").last.click()
    await ann.press("rollback")
    await expect(ann.see("change")).to_contain_text("rank3 0")
    await ann.press("confirm-rollback")
    await expect(ann.see("version")).to_have_count(3)


async def test_health_shows_the_node_and_the_store(shop: Shop) -> None:
    sue = await supervise(shop, "health")
    await expect(sue.see("node")).to_contain_text("yours")
    await expect(sue.see("node")).to_contain_text("Supervisors1")
    await expect(sue.see("server")).to_contain_text("master")


async def test_a_case_of_which_the_log_has_nothing_any_more_says_so(shop: Shop) -> None:
    case = await shop.submit("Printer on fire")
    await shop.submit("Anything else")
    await shop.store.redis.xtrim(log_key("acme"), maxlen=1, approximate=False)
    sue = await supervise(shop, f"case/{case}")
    await expect(sue.see("timeline")).to_contain_text("What was before is no longer kept in the log.")


async def test_a_screen_that_comes_late_does_not_take_the_place_of_the_next(shop: Shop) -> None:
    sue = await supervise(shop, service_workers="block")  # so that each script is asked of the server
    asked: asyncio.Future[Route] = asyncio.get_running_loop().create_future()

    async def hold(route: Route) -> None:
        if asked.done():
            await route.continue_()
        else:
            asked.set_result(route)

    await sue.page.route("**/assets/*.js", hold)
    await show(sue, "health")
    async with asyncio.timeout(WITHIN_MS / 1000):
        held = await asked
    await show(sue, "roster")
    await expect(sue.see("people")).to_be_visible()
    await held.continue_()
    await sue.page.wait_for_load_state("networkidle")
    await expect(sue.see("people")).to_be_visible()


SCREENS = {
    "queues": "queue-line",
    "queue/support": "line",
    "cases": "cases",
    "case/c-1": "timeline",
    "alerts": "thresholds",
    "roster": "people",
    "configuration": "document",
    "health": "node",
}


DARK = BROKEN.replace("axe.run()", "axe.run({runOnly: ['color-contrast']})")  # all else is the same in the dark


async def test_no_rule_of_accessibility_is_broken_in_light_or_dark(shop: Shop) -> None:
    await shop.submit("Printer on fire")
    sue = await supervise(shop, color_scheme="light", reduced_motion="reduce")
    await sue.page.evaluate(AXE)
    for at, testid in SCREENS.items():
        await show(sue, at)
        await expect(sue.see(testid).first).to_be_visible()
        assert await sue.page.evaluate(BROKEN) == [], at
        await sue.page.emulate_media(color_scheme="dark")
        assert await sue.page.evaluate(DARK) == [], at
        await sue.page.emulate_media(color_scheme="light")


async def test_a_small_phone_has_all_of_it(shop: Shop) -> None:
    await shop.submit("Printer on fire")
    sue = await supervise(shop, viewport={"width": 320, "height": 640}, has_touch=True)
    await sue.page.evaluate(AXE)
    for at, testid in SCREENS.items():
        await show(sue, at)
        await expect(sue.see(testid).first).to_be_visible()
        assert await sue.is_within_its_width(), at
        here = sue.page.locator(".rail nav").locator("[aria-current=page]:visible, .here:visible")
        await expect(here).to_have_count(1)  # where one is, is never out of sight
        await expect(here).to_be_in_viewport(ratio=1)
        if at.partition("/")[0] in ("case", "alerts", "configuration"):
            assert await sue.page.evaluate(BROKEN) == [], at
    await sue.press("more-screens")
    assert await sue.page.evaluate(BROKEN) == []
    await sue.press("more-roster")
    await expect(sue.see("roster")).to_be_visible()
