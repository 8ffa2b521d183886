"""How an offer makes itself heard outside the page, how several tabs are one, and what is there without a network."""

import asyncio

import pytest
from playwright.async_api import expect

from loadtest.process import free_port
from tests.browser.kit import Kit
from tests.browser.world import WITHIN_MS, Shop, Window, run_page_node

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# Between two tabs, as the browser has it but for the patience.
PATIENT = "{open: name => new BroadcastChannel(name), locks: navigator.locks, after: () => {}, me: 'second'}"
OFFER = "[{tag: 'c-1 b1', title: 'Refund', body: 'acme, billing'}]"
SHOWN = "(await (await kit.serviceWorker()).getNotifications()).map(({tag}) => tag)"
# As the browser does it; `waitUntil` is only for its own events.
PRESS = """async action => {
    const [notification] = await registration.getNotifications();
    const event = new NotificationEvent("notificationclick", {notification, action});
    await new Promise(done => { event.waitUntil = work => done(work); dispatchEvent(event); });
}"""


# For longer than who pressed would wait for a window to come forward.
IS_BUSY = "setTimeout(() => { const end = performance.now() + 1_000; while (performance.now() < end); }); undefined"


async def ring(window: Window, *, hidden: bool = False) -> None:
    """Open the alerts of ana and show an offer."""
    if hidden:
        await window.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    await window.page.evaluate(
        "globalThis.alerts = kit.openAlerts('acme agent ana', 'Kit'); globalThis.pressed = [];"
        "kit.onPressed(tag => tag === 'c-1 b1', one => pressed.push(one)); kit.notificationsOn.value = true;"
        f"alerts.ringing.show({OFFER})"
    )


async def is_ringing(*windows: Window) -> list[bool]:
    """Which of them make the sound."""
    return [await window.page.evaluate("alerts.bell.isRinging") for window in windows]


async def until(window: Window, expression: str) -> None:
    """Wait until this is true in the page. Playwright's own wait evaluates text, which the pages' policy refuses."""
    async with asyncio.timeout(WITHIN_MS / 1000):
        await window.page.evaluate(
            f"(async () => {{ while (!({expression})) await new Promise(go => setTimeout(go, 10)) }})()"
        )


async def test_one_tab_rings_and_an_answer_in_another_silences_it(kit: Kit) -> None:
    first = await kit.open()
    second = await kit.beside(first)
    await ring(first)
    await until(first, "alerts.tabs.leads.value")
    await ring(second)
    assert await is_ringing(first, second) == [True, False]
    await second.page.evaluate("alerts.ringing.answered('c-1 b1')")
    await until(first, "!alerts.bell.isRinging")


async def test_when_the_tab_that_rings_is_closed_another_goes_on(kit: Kit) -> None:
    first = await kit.open()
    second = await kit.beside(first)
    await ring(first)
    await until(first, "alerts.bell.isRinging")
    await ring(second)
    await first.page.close()
    await until(second, "alerts.bell.isRinging")


async def test_title_and_icon_say_how_many_wait(kit: Kit) -> None:
    window = await kit.open()
    icon = window.page.locator("link[rel=icon]")
    await ring(window)
    await expect(window.page).to_have_title("(1) Offer \u2013 Kit")
    await expect(icon).to_have_attribute("data-dot", "true")
    await window.page.evaluate("alerts.ringing.show([])")
    await expect(window.page).to_have_title("Kit")
    await expect(icon).to_have_attribute("data-dot", "false")


async def test_a_second_tab_is_handed_the_session_of_the_first(kit: Kit) -> None:
    first = await kit.open()
    second = await kit.beside(first)
    await first.page.evaluate("void kit.handOver('agent', () => ({workspace: 'acme', token: 'secret'}))")
    # From when it holds its lock it counts among those to be asked.
    await until(
        first, "(await navigator.locks.query()).held.some(({name}) => name.startsWith('casebaton session agent '))"
    )
    assert await second.page.evaluate(f"kit.askForSession('agent', {PATIENT})") == {
        "workspace": "acme",
        "token": "secret",
    }
    assert await second.page.evaluate("kit.askForSession('supervisor')") is None


async def test_timers_run_in_a_worker(kit: Kit) -> None:
    window = await kit.open()
    assert await window.page.evaluate("new Promise(done => new kit.WorkerTimers().after(1, () => done(7)))") == 7


async def test_the_last_view_is_kept_on_the_device_until_the_sign_out(kit: Kit) -> None:
    window = await kit.open()
    read = "kit.lastView('acme agent ana')"
    assert await window.page.evaluate(read) is None
    await window.page.evaluate("kit.keepView('acme agent ana', {atMs: 5, view: {desk: ['c-1']}})")
    await window.page.reload()
    await expect(window.see("table")).to_be_visible()
    assert await window.page.evaluate(read) == {"atMs": 5, "view": {"desk": ["c-1"]}}
    assert await window.page.evaluate("kit.lastView('acme agent bo')") is None
    await window.page.evaluate("kit.forgetViews()")
    assert await window.page.evaluate(read) is None


async def test_an_offer_of_a_hidden_tab_is_a_notification_whose_buttons_act_and_which_goes_with_it(
    kit: Kit, shop: Shop
) -> None:
    window = await kit.open(address=shop.node.base_url, permissions=["notifications"])
    window.may_lose_its_node()  # it ends first, and a notification's icon may be on its way
    await window.page.evaluate("kit.serviceWorker().then(() => undefined)")
    await ring(window, hidden=True)
    await until(window, f"{SHOWN}.length === 1")
    assert await window.page.evaluate(f"(async () => {SHOWN})()") == ["c-1 b1"]
    other = await kit.beside(window)  # in front, and somebody else's
    other.may_lose_its_node()
    await other.page.evaluate(
        "globalThis.pressed = []; kit.onPressed(() => false, one => pressed.push(one)); undefined"
    )
    (worker,) = window.page.context.service_workers or [await window.page.context.wait_for_event("serviceworker")]
    await window.page.evaluate(IS_BUSY)
    await worker.evaluate(PRESS, "accept")
    await until(window, "pressed.length === 1")
    assert await window.page.evaluate("pressed[0]") == {"type": "notification", "tag": "c-1 b1", "action": "accept"}
    assert await other.page.evaluate("pressed") == []
    assert await window.page.evaluate(f"(async () => {SHOWN})()") == []
    await window.page.evaluate(
        "alerts.ringing.show([{tag: 'c-2 b1', title: 'Login', body: ''}]); alerts.ringing.show([])"
    )
    await until(window, f"{SHOWN}.length === 0")


async def test_without_a_network_the_pages_open_and_nothing_of_the_api_is_kept(kit: Kit, shop: Shop) -> None:
    port = free_port()
    async with run_page_node(shop.store.url, port):
        window = await kit.open(address=f"http://127.0.0.1:{port}")
        await window.page.evaluate("kit.serviceWorker().then(() => undefined)")
        await window.page.evaluate("fetch('/v1/dev')")
    window.may_lose_its_node()
    window.may_complain_of("Failed to fetch")
    await window.page.goto(f"http://127.0.0.1:{port}/agent")
    await expect(window.page.get_by_role("heading", name="Casebaton")).to_be_visible()
    await expect(window.see("unreached")).to_contain_text("The server cannot be reached")
    async with run_page_node(shop.store.url, port):
        await expect(window.see("sign-in-name")).to_be_visible()
    await window.page.goto(f"http://127.0.0.1:{port}/")
    await expect(window.page.get_by_role("link", name="Supervisor dashboard")).to_be_visible()
    kept = await window.page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))"
        ".then(all => all.flat().map(({url}) => new URL(url).pathname))"
    )
    assert {"/", "/agent", "/supervisor"} <= set(kept)
    assert [path for path in kept if path.startswith("/v1")] == []
