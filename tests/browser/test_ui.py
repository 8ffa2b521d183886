"""The pages' kit on one page: whatever theme, width and direction, by keyboard as by mouse, and no rule broken."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.dashboard import AT_REST
from tests.browser.kit import WEB, Kit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (
    f"part => {AT_REST}"
    + """.then(() => axe.run(part)).then(({violations}) =>
    violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html)}`))"""
)
IN_THE_GRID = "document.querySelectorAll('[data-testid=table] [data-testid=grid-row]').length"

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
    "a small phone": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
}


# -- looks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
async def test_no_rule_of_accessibility_is_broken(kit: Kit, look: dict[str, Any]) -> None:
    window = await kit.open(**look)
    await window.page.evaluate((WEB / "node_modules/axe-core/axe.min.js").read_text())
    assert await window.page.evaluate(AXE, "html") == []
    await window.press("menu")
    await expect(window.page.get_by_role("menu")).to_be_visible()
    assert await window.page.evaluate(AXE, ".menu") == []
    await window.page.keyboard.press("Escape")
    await window.press("decline")
    await expect(window.see("dialog")).to_be_visible()
    assert await window.page.evaluate(AXE, ".dialog") == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_on_a_small_phone_nothing_scrolls_sideways_however_long_the_words(kit: Kit, direction: str) -> None:
    window = await kit.open("?long", viewport={"width": 320, "height": 640})
    await window.page.evaluate(f"document.documentElement.dir = '{direction}'")
    assert await window.is_within_its_width()
    side = await window.see("foreign").evaluate("words => getComputedStyle(words).textAlign")
    assert side.endswith({"ltr": "left", "rtl": "right"}[direction])  # whatever direction the words have themselves


async def test_who_wants_no_motion_sees_none_and_the_figure_all_the_same(kit: Kit) -> None:
    window = await kit.open(reduced_motion="reduce")
    await window.page.get_by_role("tab", name="Parked").click()
    await expect(window.see("loading")).to_be_visible()
    assert await window.page.evaluate("document.getAnimations().map(each => each.effect.target.outerHTML)") == []
    await expect(window.see("ring")).to_have_text(re.compile(r"^\d+$"))


async def test_every_target_is_large_enough_and_what_is_answered_in_a_hurry_larger_on_touch(kit: Kit) -> None:
    window = await kit.open(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    small = await window.page.evaluate(
        "[...document.querySelectorAll('button, input, select, textarea, a')]"
        ".map(one => one.closest('label, .pick') ?? one)"
        ".filter(one => one.checkVisibility())"
        ".filter(one => { const {width, height} = one.getBoundingClientRect(); return width < 24 || height < 24 })"
        ".map(one => one.outerHTML)"
    )
    assert small == []
    box = await window.see("accept").bounding_box()
    assert box is not None
    assert box["height"] >= 48


async def test_strangers_text_is_shown_as_text_with_its_tricks_made_visible(kit: Kit) -> None:
    window = await kit.open()
    await expect(window.see("foreign")).to_have_text("Refund \ufffddnuof\ufffd for <b>Ødegård</b>")


# -- lists -----------------------------------------------------------------------------------------------------------


async def test_of_five_thousand_rows_few_are_drawn_and_the_keyboard_reaches_the_last(kit: Kit) -> None:
    window = await kit.open()
    table = window.see("table")
    await expect(table).to_have_attribute("aria-rowcount", "5001")
    assert await window.page.evaluate(IN_THE_GRID) < 50
    await table.focus()
    await window.page.keyboard.press("End")
    last = table.locator("[aria-rowindex='5001']")
    await expect(last).to_be_in_viewport()
    key = await last.get_attribute("id")
    assert key
    await expect(table).to_have_attribute("aria-activedescendant", key)
    await window.page.keyboard.press("Enter")
    await expect(window.see("pressed")).to_have_text("open " + str(await last.get_attribute("data-key")))
    assert await window.page.evaluate(IN_THE_GRID) < 50


async def test_rows_are_selected_one_by_one_from_here_to_there_and_all(kit: Kit) -> None:
    window = await kit.open()
    await window.see("table").focus()
    for keys in ("ArrowDown", " ", "ArrowDown", "ArrowDown", "Shift+ "):
        await window.page.keyboard.press(keys)
    await expect(window.see("selected")).to_have_text("3")
    await window.page.keyboard.press("Control+a")
    await expect(window.see("selected")).to_have_text("5000")
    await window.page.get_by_role("checkbox", name="Select all").click()
    await expect(window.see("selected")).to_have_text("0")


async def test_a_press_on_a_head_sorts_and_another_turns_it_round(kit: Kit) -> None:
    window = await kit.open()
    head = window.see("table").locator("[data-column=held]")
    first = window.see("table").locator("[aria-rowindex='2'] .end").first
    await expect(head).to_have_attribute("aria-sort", "descending")
    await expect(first).to_have_text("10")
    await head.get_by_role("button").click()
    await expect(head).to_have_attribute("aria-sort", "ascending")
    await expect(first).to_have_text("0")


async def test_the_focus_survives_when_its_row_is_scrolled_away(kit: Kit) -> None:
    window = await kit.open()
    button = window.see("table").get_by_test_id("take-a-3")
    await button.focus()
    await window.see("table").evaluate("table => { table.scrollTop = 60_000 }")
    await expect(window.see("table").locator("[aria-rowindex='1370']")).to_be_visible()
    await window.page.keyboard.press("Enter")
    await expect(window.see("pressed")).to_have_text("a-3")


# -- presses ---------------------------------------------------------------------------------------------------------


async def test_a_button_takes_one_press_keeps_the_focus_and_gives_in_when_it_failed(kit: Kit) -> None:
    window = await kit.open()
    accept = window.see("accept")
    await accept.focus()
    await window.page.keyboard.press("Enter")
    await expect(accept).to_have_text("Accepting…")
    await expect(accept).to_have_attribute("aria-busy", "true")
    await expect(accept).to_be_focused()
    await window.page.evaluate("kit.answer(false)")
    await expect(accept).to_have_text("Accept Alt A")
    await window.page.keyboard.press("Enter")
    await window.page.evaluate("kit.answer(true)")
    await expect(accept).to_have_text("Accepting…")  # what was pressed about goes by itself


async def test_a_menu_is_gone_through_by_keyboard(kit: Kit) -> None:
    window = await kit.open()
    await window.see("menu").focus()
    await window.page.keyboard.press("Enter")
    await expect(window.page.get_by_role("menuitem", name="Transfer")).to_be_focused()
    await window.page.keyboard.press("ArrowUp")
    await expect(window.page.get_by_role("menuitem", name="Cancel")).to_be_focused()
    await window.page.keyboard.press("a")
    await window.page.keyboard.press("Enter")
    await expect(window.see("pressed")).to_have_text("note")
    await expect(window.see("menu")).to_be_focused()
    await expect(window.see("menu")).to_have_attribute("aria-expanded", "false")


async def test_a_dialog_gives_the_focus_back_and_asks_for_a_reason(kit: Kit) -> None:
    window = await kit.open()
    await window.press("decline")
    await window.press("dialog-confirm")
    await expect(window.see("dialog")).to_be_visible()  # without a reason it stays
    await window.page.get_by_label("wrong queue").check()
    await window.press("dialog-confirm")
    await expect(window.see("dialog")).to_have_count(0)
    await expect(window.see("pressed")).to_have_text("wrong queue")
    await expect(window.see("decline")).to_be_focused()


async def test_tabs_are_changed_by_arrows_in_either_direction_of_writing(kit: Kit) -> None:
    window = await kit.open()
    mine, parked = window.see("tab").nth(0), window.see("tab").nth(1)
    await mine.focus()
    await window.page.keyboard.press("ArrowRight")
    await expect(parked).to_be_focused()
    await expect(window.page.get_by_role("tabpanel")).to_contain_text("Loading")
    await window.page.evaluate("document.documentElement.dir = 'rtl'")
    await window.page.keyboard.press("ArrowRight")
    await expect(mine).to_be_focused()


# -- time ------------------------------------------------------------------------------------------------------------


async def test_a_ring_counts_to_its_deadline_and_speaks_twice(kit: Kit) -> None:
    window = await kit.open()
    await window.page.clock.install(time=0)
    await window.page.clock.pause_at(1_000)  # from here on time is what the test makes of it
    await window.page.reload()
    ring, voice = window.see("ring"), window.see("announcer")
    await window.page.clock.run_for(15_250)  # and a tick
    await expect(ring).to_have_text("15")
    await expect(voice).to_have_text("")
    await window.page.clock.run_for(5_000)
    await expect(voice).to_have_text("10 seconds left for Refund")
    await expect(ring).to_have_class("ring mark-soon")
    await window.page.clock.run_for(5_000)
    await expect(voice).to_have_text("5 seconds left for Refund")
    await expect(ring).to_have_class("ring mark-late")
    await window.page.clock.run_for(60_000)
    await expect(ring).to_have_text("0")


# -- keys and preferences --------------------------------------------------------------------------------------------


async def test_shortcuts_act_but_not_while_somebody_writes_nor_when_they_are_off(kit: Kit) -> None:
    window = await kit.open()
    keyboard, pressed = window.page.keyboard, window.see("pressed")
    await keyboard.press("Alt+3")
    await expect(pressed).to_have_text("status 2")
    await keyboard.press("/")
    await expect(window.see("search")).to_be_focused()
    await keyboard.press("?")
    await expect(window.see("shortcuts")).to_have_count(0)
    await keyboard.press("Alt+a")
    await expect(pressed).to_have_text("accept")
    await window.see("table").focus()
    await keyboard.press("?")
    await expect(window.see("shortcuts")).to_contain_text("Accept the ringing offer")
    await window.see("shortcuts-on").uncheck()
    await keyboard.press("Escape")
    await expect(window.see("shortcuts")).to_have_count(0)
    await keyboard.press("Alt+3")
    await keyboard.press("?")
    await expect(window.see("shortcuts")).to_have_count(0)
    await expect(pressed).to_have_text("accept")


async def test_a_preference_holds_in_all_tabs_and_after_a_reload(kit: Kit) -> None:
    window = await kit.open(color_scheme="light")
    other = await kit.beside(window)
    await window.see("theme-dark").check()
    await window.see("density-compact").check()
    for each in (window, other):
        await expect(each.page.locator(":root")).to_have_attribute("data-theme", "dark")
        await expect(each.page.locator(":root")).to_have_attribute("data-density", "compact")
        await expect(each.page.locator("body")).to_have_css("background-color", "rgb(18, 23, 26)")
    await other.page.reload()
    await expect(other.see("theme-dark")).to_be_checked()


async def test_a_worker_of_ours_is_let_in_by_the_policy_and_no_other_script_is(kit: Kit) -> None:
    window = await kit.open()
    rang = await window.page.evaluate(
        "new Promise(done => { const worker = kit.timerWorker(); worker.onmessage = ({data}) => done(data);"
        " worker.postMessage({id: 7, ms: 1}) })"
    )
    assert rang == 7
    window.may_complain_of("TrustedScriptURL")
    refused = await window.page.evaluate(
        "(() => { try { new Worker('/other.js') } catch (error) { return error.name } })()"
    )
    assert refused == "TypeError"
