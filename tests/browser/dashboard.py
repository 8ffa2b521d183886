"""A supervisor's or administrator's window on the dashboard."""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.browser.world import Shop, Window

AXE = (Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js").read_text()
# What a colour or an opacity is on its way to, is what counts.
AT_REST = """Promise.all(document.getAnimations().filter(each => each instanceof CSSTransition)
    .map(({finished}) => finished.catch(() => {})))"""
BROKEN = (
    AT_REST
    + """.then(() => axe.run()).then(({violations}) =>
    violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html)}`))"""
)


async def supervise(shop: Shop, at: str = "wallboard", **options: Any) -> Window:
    """A window in which sue is signed in to the dashboard, at this screen."""
    window = await shop.window(**{"viewport": {"width": 1440, "height": 900}} | options)
    await window.page.goto(f"{window.url}/supervisor#/{at}")
    await window.page.get_by_label("Your name").fill("sue")
    await window.page.get_by_role("button", name="Sign in").click()
    await is_there(window)
    return window


async def administer(shop: Shop, at: str = "wallboard") -> Window:
    """The same of an administrator: in development names are enough for supervisors, so this one has a token."""
    window = await shop.window(viewport={"width": 1440, "height": 900})
    session = json.dumps({"workspace": "acme", "token": shop.node.token("admin", "ann")})
    await window.page.add_init_script(f"sessionStorage.setItem('casebaton.supervisor.session', {session!r})")
    await window.page.goto(f"{window.url}/supervisor#/{at}")
    await is_there(window)
    return window


async def is_there(window: Window) -> None:
    """Wait until the screen is loaded: then the keys are heard, too."""
    await expect(window.page.get_by_role("button", name="Sign in")).to_have_count(0)
    await expect(window.page.locator("main h1").first).to_be_attached()


async def show(window: Window, at: str) -> None:
    """Go to another screen."""
    await window.page.evaluate("at => { location.hash = at }", f"#/{at}")
