"""Lost connections and ended sessions: what the page says, and that it finds back."""

import asyncio

import pytest
from playwright.async_api import expect

from casebaton.store import workspaces
from casebaton.wire.session import UNAUTHENTICATED
from casebaton.workspace import document
from loadtest.process import free_port
from tests.browser.conftest import DOCUMENT
from tests.browser.world import WITHIN_MS, Shop, Window, run_page_node

# The page asks the other tab for three seconds: a machine may be busier than that.
PATIENT = "globalThis.setTimeout = (own => (run, ms) => own(run, ms === 3000 ? 30000 : ms))(globalThis.setTimeout)"

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def window_on_a_node_that_stops(shop: Shop, port: int) -> Window:
    window = await shop.window(url=f"http://127.0.0.1:{port}")
    window.may_lose_its_node()
    return window


async def test_the_banner_of_a_node_that_stopped_goes_when_it_is_back(shop: Shop) -> None:
    port = free_port()
    ana = await window_on_a_node_that_stops(shop, port)
    async with run_page_node(shop.store.url, port):
        await ana.sign_in("ana")
        await ana.go_online()
        await shop.submit("Wrong invoice")
        await ana.press("offer-accept", ana.offer("Wrong invoice"))
        await expect(ana.desk_case("Wrong invoice")).to_be_visible()
    await ana.reads("banner", "The server is being restarted.")
    await expect(ana.see("case-complete")).to_be_disabled()
    async with run_page_node(shop.store.url, port):
        await ana.retry_now()
        await expect(ana.see("connection")).to_have_text("Connected")
        await expect(ana.see("banner")).to_have_count(0)
        await ana.press("case-complete", await ana.work_on("Wrong invoice"))
        await expect(ana.desk_case("Wrong invoice")).to_have_count(0)


async def test_nobody_goes_online_without_a_connection(shop: Shop) -> None:
    port = free_port()
    ana = await window_on_a_node_that_stops(shop, port)
    async with run_page_node(shop.store.url, port):
        await ana.sign_in("ana")
        await expect(ana.see("go-online")).to_be_enabled()
    await ana.reads("banner", "The server is being restarted.")
    await expect(ana.see("go-online")).to_be_disabled()


async def test_the_page_comes_back_by_itself(shop: Shop) -> None:
    port = free_port()
    ana = await window_on_a_node_that_stops(shop, port)
    async with run_page_node(shop.store.url, port):
        await ana.sign_in("ana")
    await ana.reads("banner", "The server is being restarted.")
    async with run_page_node(shop.store.url, port):
        await expect(ana.see("connection")).to_have_text("Connected")


async def test_an_attempt_that_breaks_off_is_followed_by_another(shop: Shop) -> None:
    """As when a node ends in the middle of a handshake."""
    port, has_come = free_port(), asyncio.Event()

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()
        has_come.set()

    ana = await window_on_a_node_that_stops(shop, port)
    async with run_page_node(shop.store.url, port):
        await ana.sign_in("ana")
    async with await asyncio.start_server(hang_up, "127.0.0.1", port):
        await ana.retry_now()
        async with asyncio.timeout(WITHIN_MS / 1000):
            await has_come.wait()
    async with run_page_node(shop.store.url, port):
        await ana.retry_now()
        await expect(ana.see("connection")).to_have_text("Connected")


async def test_the_banner_says_who_got_an_offer_meanwhile(shop: Shop) -> None:
    await workspaces.apply(shop.store, "acme", document.parse(DOCUMENT.replace("grace_s = 20", "grace_s = 1")))
    port = free_port()
    ana = await window_on_a_node_that_stops(shop, port)
    async with run_page_node(shop.store.url, port):
        await ana.sign_in("ana")
        await ana.go_online()
        await shop.submit("Printer on fire")
        await expect(ana.offer("Printer on fire")).to_be_visible()
        cy = await shop.agent("cy")
    await cy.press("offer-accept", cy.offer("Printer on fire"))
    await expect(cy.desk_case("Printer on fire")).to_be_visible()
    async with run_page_node(shop.store.url, port):
        await ana.retry_now()
        await ana.reads("away", "While you were away: the offer “Printer on fire” left you; Cy has it.")
        await expect(ana.offer("Printer on fire")).to_have_count(0)
        await ana.press("away-dismiss")
        await expect(ana.see("away")).to_have_count(0)


async def test_a_bad_token_is_told_in_the_sign_in_form(shop: Shop) -> None:
    async with run_page_node(shop.store.url, free_port(), dev=False) as node:
        ana = await shop.window(url=node.base_url)
        for token, why in (
            ("not-a-token", "The token is not valid."),
            (node.token("agent", "nobody"), "There is no agent nobody."),
            (node.token("producer", "crm"), "The token is for the role producer, and this needs an agent's."),
        ):
            await ana.sign_in_with(token)
            await expect(ana.see("sign-in-failure")).to_have_text(why)
            await expect(ana.see("sign-in-workspace")).to_have_value("acme")
            await expect(ana.see("sign-in-button")).to_be_enabled()
        await ana.see("sign-in-token").fill(node.token("agent", "ana"))
        await ana.press("sign-in-button")
        await expect(ana.see("connection")).to_have_text("Connected")
        await ana.page.context.close()


async def test_an_expired_session_leads_back_to_the_sign_in(shop: Shop) -> None:
    async with run_page_node(shop.store.url, free_port(), dev=False) as node:
        ana = await shop.window(url=node.base_url)
        await ana.sign_in_with(node.token("agent", "ana"))
        await expect(ana.see("connection")).to_have_text("Connected")
        for connection in node.node.gateway.connections:  # as when its time is up, which is the node's to know
            connection.end(UNAUTHENTICATED, "the token has expired")
        await ana.reads("banner", "Session ended. Please sign in again.")
        await ana.press("sign-in-again")
        await expect(ana.see("sign-in-token")).to_have_value("")
        assert await ana.page.evaluate("sessionStorage.length") == 0
        await ana.page.context.close()


async def test_somebody_unknown_reads_so_in_the_form_and_may_try_again(shop: Shop) -> None:
    nobody = await shop.window()
    await nobody.page.goto(f"{nobody.url}/agent")
    await nobody.page.get_by_label("Your name").fill("nobody")
    nobody.may_complain_of("404")
    await nobody.press("sign-in-button")
    await expect(nobody.see("sign-in-failure")).to_have_text("There is no agent nobody in acme.")
    await nobody.see("sign-in-workspace").fill("nosuch")
    await nobody.press("sign-in-button")
    await expect(nobody.see("sign-in-failure")).to_have_text("There is no workspace nosuch.")
    await nobody.see("sign-in-workspace").fill("acme")
    await nobody.page.get_by_label("Your name").fill("ana")
    await nobody.press("sign-in-button")
    await expect(nobody.see("connection")).to_have_text("Connected")
    await nobody.sign_out()
    await expect(nobody.see("sign-in-failure")).to_have_count(0)


async def test_a_reload_keeps_the_session_and_signing_out_ends_it(shop: Shop) -> None:
    ana = await shop.agent("ana")
    await ana.page.reload()
    await ana.has_status("Online")
    await shop.submit("Half done")
    await ana.press("offer-accept", ana.offer("Half done"))
    await expect(ana.desk_case("Half done")).to_be_visible()
    await ana.sign_out()
    await ana.reads("leaving-says", "It stays with you")
    await ana.press("leave-not")
    await ana.has_status("Online")
    await ana.sign_out()
    await ana.press("leave-offline")
    await expect(ana.see("sign-in-name")).to_be_visible()
    await ana.page.reload()
    await expect(ana.see("sign-in-name")).to_be_visible()
    await ana.sign_in("ana")
    await ana.has_status("Offline")


async def test_a_second_tab_needs_no_token(shop: Shop) -> None:
    async with run_page_node(shop.store.url, free_port(), dev=False) as node:
        here = await shop.window(url=node.base_url)
        await here.sign_in_with(node.token("agent", "ana"))
        await expect(here.see("connection")).to_have_text("Connected")
        await expect(here.see("flag-raise")).to_be_visible()  # the page's other half is there, and with it what answers
        there = Window(await here.page.context.new_page(), here.url)
        there.may_complain_of("404")
        await there.page.add_init_script(PATIENT)
        await there.page.goto(f"{there.url}/agent")
        await expect(there.see("connection")).to_have_text("Connected")
        assert there.unexpected == []
        await here.page.context.close()
