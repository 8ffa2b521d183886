"""The desk: how owned cases leave it."""

import pytest
from playwright.async_api import expect

from tests.browser.world import Shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_returned_case_stands_at_the_chosen_place(shop: Shop) -> None:
    ana = await shop.agent("ana")
    for subject in ("First", "Second", "Third"):
        await shop.submit(subject, queue="pool")
    await ana.open_queue("pool")
    line = ana.rows.locator(".subject")
    await expect(line).to_have_text(["First", "Second", "Third"])
    await ana.press("queue-take", ana.row("First"))
    desk_case = ana.desk_case("First")
    await ana.press("case-return", await ana.work_on("First"))
    await ana.press("reason-wrong-queue")
    await ana.press("place-back")
    await ana.confirm()
    await ana.reads("notice", "“First” is back in the queue pool.")
    await expect(desk_case).to_have_count(0)
    await ana.open_queue("pool")
    await expect(line).to_have_text(["Second", "Third", "First"])


async def test_a_transferred_case_rings_in_the_other_queue(shop: Shop) -> None:
    ana = await shop.agent("ana")
    bo = await shop.agent("bo")
    await shop.submit("Wrong invoice")
    await ana.press("offer-accept", ana.offer("Wrong invoice"))
    desk_case = ana.desk_case("Wrong invoice")
    await ana.press("case-transfer", await ana.work_on("Wrong invoice"))
    queues = ana.see("transfer-queue")
    await expect(queues.locator("option")).to_have_text(["Choose a queue", "billing", "field", "pool", "q" * 64])
    dialog = ana.see("dialog")
    assert await dialog.evaluate("each => each.scrollWidth <= each.clientWidth")
    await queues.select_option("billing")
    await ana.confirm()
    await ana.reads("notice", "“Wrong invoice” was moved to the queue billing.")
    await expect(desk_case).to_have_count(0)
    await expect(bo.offer("Wrong invoice")).to_contain_text("billing")


async def test_a_transfer_to_nowhere_is_refused_in_words_and_the_case_stays(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Wrong invoice")
    await ana.press("offer-accept", ana.offer("Wrong invoice"))
    ana.may_complain_of("ERR_FAILED")
    await ana.page.route("**/queues", lambda route: route.abort())  # without the list, any name can be typed
    await ana.press("case-transfer", await ana.work_on("Wrong invoice"))
    await ana.see("transfer-queue").fill("nowhere")
    await ana.confirm()
    await ana.reads("notice", "“Wrong invoice”: there is no such queue.")
    await expect(ana.see("case-complete")).to_be_enabled()
    await ana.press("case-complete", await ana.work_on("Wrong invoice"))
    # It was about the case, and that is gone.
    await expect(ana.see("notice").filter(has_text="no such queue")).to_have_count(0)


async def test_a_case_withdrawn_from_its_owner_is_wrapped_up(shop: Shop) -> None:
    ana = await shop.agent("ana")
    case = await shop.submit("Wrong invoice")
    await ana.press("offer-accept", ana.offer("Wrong invoice"))
    desk_case = ana.desk_case("Wrong invoice")
    await expect(desk_case).to_be_visible()
    await shop.cancel(case)
    await expect(ana.see("standing")).to_contain_text("Withdrawn, finish up.")
    await ana.press("case-complete", await ana.work_on("Wrong invoice"))
    await expect(desk_case).to_have_count(0)


async def test_no_reason_is_given_that_nobody_chose(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Wrong invoice")
    await ana.press("offer-decline", ana.offer("Wrong invoice"))
    await ana.confirm()
    await expect(ana.see("dialog")).to_be_visible()  # the browser asks for one
    await expect(ana.see("dialog")).to_contain_text("Letters a–z, digits, spaces and . _ -, at most 64")  # noqa: RUF001
    await ana.press("dialog-cancel")
    await ana.press("offer-accept", ana.offer("Wrong invoice"))
    desk_case = ana.desk_case("Wrong invoice")
    case = await ana.work_on("Wrong invoice")
    await expect(case).to_contain_text("Letters a–z, digits, spaces and . _ -, at most 64")  # noqa: RUF001
    await ana.press("case-return", case)
    await ana.confirm()
    await expect(ana.see("dialog")).to_be_visible()
    await ana.see("reason-other").fill("lunch")
    await ana.confirm()
    await expect(desk_case).to_have_count(0)


async def test_escape_closes_a_question_and_nothing_happens(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await shop.submit("Wrong invoice")
    await ana.press("offer-accept", ana.offer("Wrong invoice"))
    await ana.press("case-return", await ana.work_on("Wrong invoice"))
    await expect(ana.see("dialog")).to_be_visible()
    await ana.page.keyboard.press("Escape")
    await expect(ana.see("dialog")).to_have_count(0)
    await expect(ana.desk_case("Wrong invoice")).to_be_visible()
