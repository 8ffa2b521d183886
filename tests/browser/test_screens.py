"""Every screen of both pages, as people come to it: no rule of accessibility is broken."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from loadtest.browser import PageName
from tests.browser.dashboard import AT_REST
from tools.centre import open_centre
from tools.screens import SCREENS, walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = (Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js").read_text()
BROKEN = (
    f"rules => {AT_REST}"
    + """.then(() => axe.run({runOnly: rules})).then(({violations}) =>
    violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html)}`))"""
)
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("name", SCREENS)
async def test_no_screen_breaks_a_rule_of_accessibility(browser: Browser, name: PageName) -> None:
    broken: dict[str, list[str]] = {}
    async with open_centre() as centre:
        async for screen, page in walk(centre, browser, name, color_scheme="light", reduced_motion="reduce"):
            if not await page.evaluate("'axe' in window"):
                await page.evaluate(AXE)
            broken[screen] = await page.evaluate(BROKEN, ALL)
            await page.emulate_media(color_scheme="dark")  # where colours alone are others
            broken[screen] += await page.evaluate(BROKEN, ["color-contrast", "link-in-text-block"])
            await page.emulate_media(color_scheme="light")
    assert broken == {screen: [] for screen in SCREENS[name]}
