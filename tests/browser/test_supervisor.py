"""The dashboard: what a supervisor sees of agents and queues, and does about them."""

import pytest
from playwright.async_api import expect

from casebaton.workspace import document
from loadtest.process import free_port
from tests.browser.conftest import DOCUMENT
from tests.browser.dashboard import AXE, BROKEN, supervise
from tests.browser.world import Shop, Window, run_page_node

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVERYBODY = len(document.parse(DOCUMENT).agents)


async def in_order(window: Window, *agents: str) -> None:
    """Wait until the table has these agents, in this order."""
    await expect(window.see("grid-row")).to_have_count(len(agents))
    for row, agent in enumerate(agents, 2):  # the first is the head's
        at = window.page.locator(f"[aria-rowindex='{row}']")
        await expect(window.see("grid-row").and_(at)).to_have_attribute("data-key", agent)


async def test_what_happens_is_on_the_wallboard_by_itself(shop: Shop) -> None:
    sue = await supervise(shop)
    line = sue.see("queue-line").and_(sue.page.locator("[data-queue=support]"))
    await expect(line.get_by_test_id("waiting")).to_have_text("0")
    case = await shop.submit("Printer on fire")
    await expect(line.get_by_test_id("waiting")).to_have_text("1")
    await expect(sue.see("total-waiting")).to_contain_text("1")
    async with shop.node.online("ana") as ana:
        await expect(sue.see("standing-ready")).to_contain_text("1")
        await expect(sue.see("agents-offered")).to_have_text("1")
        offer = await ana.event("case_offered", case=case)
        assert "ok" in await ana.command("accept_case", case=case, baton=offer["baton"])
        await expect(sue.see("total-active")).to_contain_text("1")
        await expect(sue.see("total-answered")).to_contain_text("1")
        await expect(line.get_by_test_id("waiting")).to_have_text("0")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080)])
async def test_nobody_has_to_scroll_a_wall(shop: Shop, width: int, height: int) -> None:
    wall = await supervise(shop, "wallboard?wall=1", viewport={"width": width, "height": height})
    await expect(wall.see("queue-line").first).to_be_visible()
    for part in (wall.see("queue-line").last, wall.see("agents-offered"), wall.see("total-active")):
        await expect(part).to_be_in_viewport(ratio=1)
    await wall.page.wait_for_function(
        "() => [...document.querySelectorAll('main, .standings')].every(box => box.scrollHeight <= box.clientHeight)"
    )


async def test_a_drained_agent_is_told_on_its_own_page(shop: Shop) -> None:
    ana = await shop.agent("ana")
    sue = await supervise(shop, "agent/ana")
    await expect(sue.see("panel-status")).to_have_text("Online")
    await sue.press("drain")
    await sue.confirm()
    await sue.reads("notice", "Ana had nothing in hand and is offline now.")
    await expect(sue.see("panel-status")).to_have_text("Offline")
    await ana.has_status("Offline")
    await expect(ana.page.get_by_role("alert")).to_contain_text("by a supervisor")


async def test_a_raised_flag_is_answered_and_the_agent_reads_the_words(shop: Shop) -> None:
    sue = await supervise(shop)
    async with shop.node.online("ana") as ana:
        assert "ok" in await ana.command("raise_flag", text="The customer shouts")
        await expect(sue.see("flag")).to_contain_text("The customer shouts")
        await sue.page.get_by_test_id("flag").get_by_role("link").click()
        await sue.press("answer-flag")
        await sue.see("answer-text").fill("I am coming over")
        await sue.confirm()
        assert (await ana.event("flag_answered"))["text"] == "I am coming over"
        await expect(sue.see("flag-up")).to_have_count(0)
        await sue.reads("notice", "Ana was answered")


async def test_the_table_is_sorted_filtered_and_stays_so_when_the_page_is_loaded_anew(shop: Shop) -> None:
    async with shop.node.online("cy"), shop.node.online("bo"):
        sue = await supervise(shop, "agents")
        await expect(sue.see("rows-shown")).to_have_text(f"{EVERYBODY} agents")
        await sue.see("filter-status").select_option("ready")
        await expect(sue.see("rows-shown")).to_have_text(f"2 of {EVERYBODY} agents")
        await sue.page.get_by_role("columnheader", name="Agent").get_by_role("button").click()
        await in_order(sue, "cy", "bo")
        await sue.page.keyboard.press("/")
        await expect(sue.see("find-agent")).to_be_focused()
        await sue.page.keyboard.type("b")
        await expect(sue.see("rows-shown")).to_have_text(f"1 of {EVERYBODY} agents")
        await sue.page.reload()  # the address says it all
        await expect(sue.see("rows-shown")).to_have_text(f"1 of {EVERYBODY} agents")
        await in_order(sue, "bo")
        await sue.press("clear-filters")
        await expect(sue.see("rows-shown")).to_have_text(f"{EVERYBODY} agents")


async def test_table_and_panel_are_worked_by_keys_alone(shop: Shop) -> None:
    sue = await supervise(shop)
    await expect(sue.see("total-waiting")).to_contain_text("0")
    await sue.page.keyboard.press("Alt+2")
    await expect(sue.see("rows-shown")).to_have_text(f"{EVERYBODY} agents")
    await sue.page.get_by_role("grid").focus()
    place = await sue.page.get_by_role("grid").bounding_box()
    assert place is not None
    await sue.page.keyboard.press("ArrowDown")  # to whose name begins with a sign
    await sue.page.keyboard.press("ArrowDown")
    await sue.page.keyboard.press("Enter")
    await expect(sue.see("agent-panel")).to_be_focused()
    await expect(sue.see("agent-panel")).to_have_accessible_name("Ana")
    beside = await sue.page.get_by_role("grid").bounding_box()
    assert beside is not None
    assert (beside["x"], beside["y"]) == (place["x"], place["y"])  # nothing moves under the pointer
    for head in ("Status", "Flag", "Load", "Wrap"):
        await expect(sue.page.get_by_role("columnheader", name=head)).to_be_in_viewport(ratio=1)
    await sue.page.keyboard.press("Alt+j")
    await expect(sue.see("agent-panel")).to_have_accessible_name("Bo")
    await sue.page.keyboard.press("?")
    await expect(sue.see("shortcuts")).to_be_visible()
    await sue.page.keyboard.press("Escape")
    await expect(sue.see("shortcuts")).to_have_count(0)
    await expect(sue.see("agent-panel")).to_be_visible()
    await sue.page.keyboard.press("Escape")
    await expect(sue.page.get_by_role("grid")).to_be_focused()
    await expect(sue.see("agent-panel")).to_have_count(0)


async def test_many_at_once_each_with_its_own_outcome(shop: Shop) -> None:
    async with shop.node.online("cy"), shop.node.online("bo") as bo:
        sue = await supervise(shop, "agents?status=ready")
        await expect(sue.see("rows-shown")).to_have_text(f"2 of {EVERYBODY} agents")
        await sue.page.get_by_label("Select all").check()
        await sue.press("set-status")
        await sue.press("set-break")
        await sue.confirm()
        await expect(sue.see("outcomes")).to_contain_text("Done for 2 agents")
        assert (await bo.event("agent_status_changed", status="busy"))["label"] == "break"
        await sue.press("dialog-close")
        await expect(sue.see("empty")).to_be_visible()


async def test_a_case_is_given_to_somebody_else(shop: Shop) -> None:
    async with shop.node.online("ana") as ana:
        case = await shop.submit("Printer on fire")
        offer = await ana.event("case_offered", case=case)
        assert "ok" in await ana.command("accept_case", case=case, baton=offer["baton"])
        async with shop.node.online("cy") as cy:
            sue = await supervise(shop, "agent/ana")
            await expect(sue.see("panel-desk")).to_contain_text("Printer on fire")
            await expect(sue.see("agent-day")).to_contain_text("Accepted1")
            await sue.press("case-menu")
            await sue.press("reassign")
            await sue.press("give", sue.see("colleague").filter(has_text="Cy"))
            assert (await cy.event("case_assigned", case=case))["agent"] == "cy"
            await sue.reads("notice", "is Cy's now")
            await expect(sue.see("held-case")).to_have_count(0)


async def test_what_an_agent_may_be_given_is_changed_in_its_panel(shop: Shop) -> None:
    async with shop.node.online("cy") as cy:
        sue = await supervise(shop, "agent/cy")
        await sue.press("edit-agent")
        await sue.see("capacity").fill("6")
        await sue.see("limits").fill("case two")
        await expect(sue.page.get_by_text("“case two” is no name with a number")).to_be_visible()
        await sue.see("limits").fill("case 2")
        await sue.see("queue-billing").check()
        await sue.press("save-agent")
        event = await cy.event("agent_updated")
        assert (event["capacity"], event["limits"], event["queues"]) == (6, {"case": 2}, ["billing", "support"])
        await expect(sue.see("profile-form")).to_have_count(0)
        await expect(sue.see("agent-panel")).to_contain_text("case 2")


async def test_a_paused_screen_stands_still_and_loses_nothing(shop: Shop) -> None:
    sue = await supervise(shop)
    await expect(sue.see("total-waiting")).to_contain_text(
        "0"
    )  # this socket is open: the next one is the page's after the reload
    async with sue.page.expect_websocket() as opening:
        await sue.page.reload()
    socket = await opening.value
    await expect(sue.see("total-waiting")).to_contain_text("0")
    await sue.page.keyboard.press("Alt+p")
    await expect(sue.see("paused")).to_be_visible()
    async with socket.expect_event("framereceived", lambda frame: '"waiting":1' in str(frame)):
        await shop.submit("Printer on fire")
    await expect(sue.see("total-waiting")).to_contain_text("0")
    await sue.page.keyboard.press("Alt+p")
    await expect(sue.see("total-waiting")).to_contain_text("1")


async def test_after_a_loss_it_shows_what_happened_meanwhile(shop: Shop) -> None:
    port = free_port()
    async with run_page_node(shop.store.url, port):
        sue = await supervise(shop, url=f"http://127.0.0.1:{port}")
        sue.may_lose_its_node()
        await expect(sue.see("total-waiting")).to_contain_text("0")
    await sue.reads("banner", "The server is being restarted")
    await shop.submit("Printer on fire")
    await expect(sue.see("total-waiting")).to_contain_text("0")
    async with run_page_node(shop.store.url, port):
        await sue.retry_now()
        await expect(sue.see("total-waiting")).to_contain_text("1")
        await expect(sue.see("banner")).to_have_count(0)
        await expect(sue.see("standing-offline")).to_contain_text(str(EVERYBODY))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_rule_of_accessibility_is_broken(shop: Shop, scheme: str) -> None:
    async with shop.node.online("ana") as ana:
        await ana.command("raise_flag", text="Help")
        case = await shop.submit("Printer on fire")
        await ana.event("case_offered", case=case)
        sue = await supervise(shop, color_scheme=scheme)
        await sue.page.evaluate(AXE)
        for at, testid in (("wallboard", "flag"), ("agents", "grid-row"), ("agent/ana", "held-case")):
            await sue.page.evaluate("at => { location.hash = at }", f"#/{at}")
            await expect(sue.see(testid).first).to_be_visible()
            assert await sue.page.evaluate(BROKEN) == [], at


async def test_a_small_phone_has_all_of_it(shop: Shop) -> None:
    visitor = await shop.window(viewport={"width": 320, "height": 640}, has_touch=True)
    await visitor.page.goto(f"{visitor.url}/supervisor")
    await expect(visitor.page.get_by_label("Your name")).to_be_visible()
    await visitor.page.evaluate(AXE)
    assert await visitor.page.evaluate(BROKEN) == [], "sign-in"
    sue = await supervise(shop, viewport={"width": 320, "height": 640}, has_touch=True)
    await expect(sue.see("queue-line").first).to_be_attached()
    assert await sue.is_within_its_width()
    await sue.page.evaluate(AXE)
    for at, testid in (("agents", "grid-row"), ("agent/ana", "agent-panel")):
        await sue.page.evaluate("at => { location.hash = at }", f"#/{at}")
        await expect(sue.see(testid).first).to_be_visible()
        assert await sue.is_within_its_width()
        assert await sue.page.evaluate(BROKEN) == [], at
