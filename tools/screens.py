"""Every screen of the pages, and the way to it: what pictures are taken of and what the checks walk through."""

from collections.abc import AsyncIterator, Awaitable, Callable

from playwright.async_api import Browser, Locator, Page, expect

from loadtest.browser import PageName, enter
from tools.centre import WORKSPACE, Centre

Step = Callable[["Visit"], Awaitable[object]]


class Visit:
    """A page on which somebody is signed in."""

    def __init__(self, centre: Centre, page: Page) -> None:
        self.centre = centre
        self.page = page

    def see(self, testid: str) -> Locator:
        """The first that carries this test id."""
        return self.page.get_by_test_id(testid).first

    async def press(self, testid: str) -> None:
        """Press it."""
        await self.see(testid).click()

    async def accept(self) -> None:
        """Accept what rings; the case opens."""
        await self.press("offer-accept")
        await expect(self.see("offer")).to_have_count(0)
        await expect(self.see("case")).to_be_visible()

    async def close_case(self) -> None:
        """On a phone back to the lists; elsewhere everything is in view."""
        if await self.see("back").is_visible():
            await self.press("back")

    async def go(self, place: str) -> None:
        """A place of the agent client, by its list."""
        await self.close_case()
        await self.press(f"go-{place}")
        await expect(self.see(place)).to_be_visible()

    async def show(self, address: str, testid: str) -> None:
        """A screen of the dashboard, by its address."""
        await self.page.goto(f"{self.centre.base_url}/supervisor#/{address}")
        await expect(self.see(testid)).to_be_visible()


async def _desk(visit: Visit) -> None:
    await visit.press("go-online")
    await visit.centre.ring("I have a question that only you can answer", "Klara 7120", 1)
    await visit.accept()


async def _offer(visit: Visit) -> None:
    await visit.close_case()
    await visit.centre.ring("You helped me so well the last time", "Leon 3391", 2)
    await expect(visit.see("offer")).to_be_visible()


async def _queue(visit: Visit) -> None:
    await visit.accept()
    await visit.close_case()
    await visit.page.locator("[data-testid=queue-tab][data-queue=returns]").click()
    await expect(visit.see("line")).to_be_visible()
    await expect(visit.see("queue-take")).to_be_visible()


async def _appointment(visit: Visit) -> None:
    await visit.close_case()
    await visit.centre.appointment("No warm water", "Zoe 5121", 3)
    await visit.accept()
    await visit.go("appointments")
    await expect(visit.see("appointment")).to_be_visible()


async def _day(visit: Visit) -> None:
    await visit.go("day")


async def _preferences(visit: Visit) -> None:
    await visit.press("account-menu")
    await visit.press("preferences")
    await expect(visit.see("preferences-sheet")).to_be_visible()


async def _help(visit: Visit) -> None:
    await visit.page.keyboard.press("Escape")
    await expect(visit.see("preferences-sheet")).to_have_count(0)
    await visit.page.keyboard.press("?")
    await expect(visit.see("shortcuts")).to_be_visible()


def _screen(address: str, testid: str) -> Step:
    return lambda visit: visit.show(address, testid)


async def _case(visit: Visit) -> None:
    await visit.show(f"case/{visit.centre.waits_for_skill}", "case-page")
    await expect(visit.see("why-sentence")).to_be_visible()
    await expect(visit.see("timeline")).to_be_visible()


async def _service(visit: Visit) -> None:
    await visit.show("reports/service?period=last_7_days&zone=UTC&interval=hour_of_day&compare=1", "numbers")
    for chart in ("level-chart", "waiting-chart", "dwell-chart"):
        await expect(visit.see(chart).locator("canvas, .bars")).to_be_visible()


SCREENS: dict[PageName, dict[str, Step]] = {
    "agent": {
        "desk": _desk,
        "offer": _offer,
        "queue": _queue,
        "appointments": _appointment,
        "day": _day,
        "preferences": _preferences,
        "keys": _help,
    },
    "supervisor": {
        "wallboard": _screen("wallboard", "wallboard"),
        "agents": _screen("agents", "grid-row"),
        "agent": _screen("agent/ana", "panel-desk"),
        "queues": _screen("queues", "queues"),
        "queue": _screen("queue/support", "queue-page"),
        "cases": _screen("cases", "cases"),
        "case": _case,
        "reports": _service,
        "staffing": _screen("reports/staffing?period=yesterday&zone=UTC", "staffed"),
        "alerts": _screen("alerts", "alerts"),
        "roster": _screen("roster", "roster"),
        "configuration": _screen("configuration", "configuration"),
        "health": _screen("health", "health"),
    },
}
WHO = {"agent": "you", "supervisor": "sue"}


async def walk(centre: Centre, browser: Browser, name: PageName, **look: object) -> AsyncIterator[tuple[str, Page]]:
    """Go through a page's screens in order; each is there when its name comes. `look`: a browser context's options."""
    context = await browser.new_context(**look)  # type: ignore[arg-type]  # the caller's options
    try:
        await enter(context, name, centre.token(name, WHO[name]), WORKSPACE)
        visit = Visit(centre, await context.new_page())
        await visit.page.goto(f"{centre.base_url}/{name}")
        for screen, step in SCREENS[name].items():
            await step(visit)
            yield screen, visit.page
    finally:
        await context.close()
