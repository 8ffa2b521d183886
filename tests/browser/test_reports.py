"""The dashboard's reports, ended cases, and a customer who is erased: on a day that the history knows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from casebaton.history import database
from casebaton.history.migrate import migrate
from casebaton.settings import Settings
from casebaton.store import workspaces
from casebaton.store.client import StoreClient
from casebaton.workspace import document
from tests.browser.conftest import DOCUMENT
from tests.browser.dashboard import AXE, BROKEN, administer, show, supervise
from tests.browser.world import Shop, open_shop
from tools.past import write_past

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def past(redis_url: str, browser: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """The shop with a history of its workspace: of yesterday."""
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    write_past(engine, "acme", datetime.now(UTC), 1)
    engine.dispose()
    store = StoreClient(redis_url)
    try:
        await store.redis.flushall()
        await store.load()
        await workspaces.apply(store, "acme", document.parse(DOCUMENT))
        async with open_shop(store, browser, history_url="", data_dir=str(tmp_path)) as shop:
            yield shop
    finally:
        await store.close()


async def test_a_report_is_asked_by_its_address_and_says_what_its_numbers_mean(past: Shop) -> None:
    sue = await supervise(past, "reports/service?period=yesterday&zone=UTC&by=queue", accept_downloads=True)
    await expect(sue.see("number-row").locator("th")).to_have_text(["billing", "live-chat", "returns", "support"])
    for chart in ("level-chart", "waiting-chart"):
        await expect(sue.see(chart).locator("canvas")).to_have_count(1)
    await expect(sue.see("dwell-chart").locator(".across")).to_have_count(4)
    await expect(sue.see("waits-chart")).to_contain_text("All busy")
    await expect(sue.see("report-lacks").first).to_contain_text("history has nothing yet")  # no writer is beside it

    arrived = sue.see("figure-arrived")
    await arrived.get_by_test_id("define").focus()
    await sue.page.keyboard.press("Enter")
    await expect(arrived.get_by_test_id("definition")).to_have_text(
        "Cases that came, submitted or reopened. What becomes of them is counted here, too."
    )
    await sue.page.keyboard.press("Escape")
    await sue.press("sort-arrived")
    await expect(sue.see("number-row").locator("th").first).to_have_text("support")
    await sue.see("report-by").select_option("interval")
    await expect(sue.see("number-row").locator("th").first).to_contain_text(":00")
    assert "by=interval" in sue.page.url

    async with sue.page.expect_download() as saving:
        await sue.press("report-csv")
    saved = await saving.value
    assert saved.suggested_filename == "service-yesterday.csv"
    text = await asyncio.to_thread((await saved.path()).read_text, "utf-8-sig")
    assert text.startswith("interval,at_ms,arrived,")
    assert "token" not in sue.page.url

    await sue.press("compare")
    await expect(arrived).to_contain_text("before:")
    await sue.press("report-staffing")
    await expect(sue.see("advice")).to_contain_text("would bring 80 % within")
    await expect(sue.see("staffed").first.locator("canvas")).to_have_count(1)
    await sue.page.evaluate(AXE)
    assert await sue.page.evaluate(BROKEN) == []
    for report, shown in (("agents", "times"), ("reasons", "reasons-of"), ("field", "stages"), ("ageing", "numbers")):
        await sue.press(f"report-{report}")
        await expect(sue.see(shown).first).to_be_visible()
    await sue.page.set_viewport_size({"width": 320, "height": 700})
    await sue.press("report-agents")
    await expect(sue.see("times")).to_be_visible()
    assert await sue.is_within_its_width()
    await show(sue, "reports/field?period=last_week&zone=UTC")
    await expect(sue.see("report-period")).to_have_value("last_week")
    await expect(sue.see("report-field")).to_be_in_viewport(ratio=0.95)

    await show(sue, "reports/field?period=dates&from=2026-03-02&until=2026-03-01&zone=UTC")
    await expect(sue.see("period-wrong")).to_have_text("It would end before it begins: choose another day.")
    await expect(sue.see("report-until")).to_have_attribute("aria-describedby", "period-wrong")
    await expect(sue.see("report")).to_have_count(0)
    await sue.see("report-period").select_option("yesterday")
    await expect(sue.see("stages")).to_be_visible()
    await expect(sue.see("period-wrong")).to_have_count(0)


async def test_an_ended_case_is_found_read_and_its_customer_erased(past: Shop) -> None:
    live = await past.submit("A lamp that is not sold", customer="Lena")
    ann = await administer(past, "cases")
    ann.may_complain_of("404")  # the store has forgotten it
    await ann.see("find-case").fill("lamp turn")
    await ann.press("look-ended")
    await ann.see("ended-cases").get_by_test_id("grid-row").first.click()
    await expect(ann.see("ended-head")).to_contain_text("Closed")
    await expect(ann.see("moment").first).to_contain_text("Submitted to")
    assert "lamp" not in ann.page.url

    await show(ann, f"case/{live}")
    await ann.see("life-details").locator("summary").click()
    await expect(ann.see("life-details")).to_contain_text("The history has nothing of it.")
    await ann.press("erase")
    await expect(ann.see("dialog")).to_contain_text("What stays")
    await ann.confirm()
    await expect(ann.see("dialog")).to_contain_text("cannot be undone")
    await ann.confirm()
    await ann.reads("notice", "1 live case has lost its card")
    await expect(ann.see("case-head")).not_to_contain_text("lamp")
