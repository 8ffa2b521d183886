"""`frames`: what a supervisor's browser makes of a busy workspace.

All agents are connected; an admin changes the status of one after the other, open-loop, while Chromium shows the
dashboard: first the agents' table, whoever changed last on top, so that its rows come and go; then the wallboard.
Store, node, agents and browser share one machine.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page

from casebaton.client import Client
from casebaton.replay.percentiles import percentiles
from casebaton.store.embedded import EmbeddedServer
from loadtest import agents as people
from loadtest.browser import enter, open_browser
from loadtest.dashboard import Traffic, client
from loadtest.process import CpuMeter, Site, run_node

AT_ONCE = 50  # agents that connect at the same time
SAMPLE_S = 0.5
MB = 1_000_000
# Each screen by its address, and where on it news of agents' status stand: what is there must change all the time.
SCREENS = {
    "agents": ("agents?sort=time", "[data-testid=grid-row]", "data-key"),
    "wallboard": ("wallboard", "[data-testid=standing-ready] .figure", ""),
}
# Counts frames, and those in which there were news. Of rows it looks at their keys: their clocks go on by themselves.
PROBE = """([where, attribute]) => {
    const found = window.found = { frames: [], tasks: [], drawn: 0, seconds: new Set() };
    const read = (each) => attribute ? each.getAttribute(attribute) : each.textContent;
    const news = () => [...document.querySelectorAll(where)].map(read).sort().join();
    const began = performance.now();
    let [last, before] = [null, news()];
    const see = (at) => {
        if (last !== null) found.frames.push(at - last);
        last = at;
        const now = news();
        if (now !== before) {
            found.drawn += 1;
            found.seconds.add(Math.floor((at - began) / 1000));
        }
        before = now;
        requestAnimationFrame(see);
    };
    requestAnimationFrame(see);
    const tasks = (list) => found.tasks.push(...list.getEntries().map(({ duration }) => duration));
    new PerformanceObserver(tasks).observe({ type: "longtask" });
}"""
READ = "() => ({ ...found, seconds: found.seconds.size })"


async def measure(say: Callable[[str], None], *, agents: int, rate: float, seconds: float) -> dict[str, Any]:
    """One run on one durable node, the screens in turn. Raises Skipped without a browser."""
    names = people.names(agents)
    with tempfile.TemporaryDirectory(prefix="casebaton-load-") as directory:
        async with AsyncExitStack() as stack:
            browser = await stack.enter_async_context(open_browser("--enable-precise-memory-info"))
            server = await stack.enter_async_context(EmbeddedServer(Path(directory) / "store"))
            site = Site(Path(directory), server.url, commands_per_second=10_000)
            await site.apply(people.describe(names, ["support"], capacity=3))
            node = await stack.enter_async_context(run_node(site))
            await _connect(site, node.base_url, names, stack)
            say(f"{agents} agents are connected")
            admin = await stack.enter_async_context(client(site, node.base_url, "admin", "ann"))
            traffic = Traffic(admin, names, rate)
            cpu = CpuMeter(node=node.pid, store=server.pid, generator=os.getpid())
            context = await browser.new_context(viewport={"width": 1440, "height": 900})
            await enter(context, "supervisor", site.token("supervisor", "sue"))
            page = await context.new_page()
            troubles: list[str] = []
            page.on("pageerror", lambda error: troubles.append(str(error)))
            screens = {}
            for screen, (address, where, attribute) in SCREENS.items():
                await page.goto(f"{node.base_url}/supervisor#/{address}")
                await page.locator(where).first.wait_for()
                await page.evaluate(PROBE, [where, attribute])
                screens[screen] = await _watch(page, traffic, cpu, seconds)
                say(f"{screen}: {screens[screen]}")
    return {
        "frame_ms": max(each["frame_ms"] for each in screens.values()),
        "heap_mb": max(each["heap_mb"] for each in screens.values()),
        "longest_task_ms": max(each["longest_task_ms"] for each in screens.values()),
        "still_s": max(each["still_s"] for each in screens.values()),
        "failed": len(traffic.failures) + len(troubles),
        "screens": screens,
    }


async def _connect(site: Site, base_url: str, names: list[str], stack: AsyncExitStack) -> None:
    """Open a connection for each agent, some at a time."""
    for start in range(0, len(names), AT_ONCE):
        some: list[Client] = [
            people.client(site, base_url, name, deadline_s=30) for name in names[start : start + AT_ONCE]
        ]
        await asyncio.gather(*(stack.enter_async_context(each) for each in some))


async def _watch(page: Page, traffic: Traffic, cpu: CpuMeter, seconds: float) -> dict[str, Any]:
    """Let agents change before the page, and tell what that was like."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    heap: list[float] = []
    sampling = asyncio.create_task(_sample(devtools, heap))
    before = await _metric(devtools, "TaskDuration")
    cpu.start()
    try:
        await traffic.flow(seconds)
    finally:
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)
    used = cpu.read()
    busy_s = await _metric(devtools, "TaskDuration") - before
    await page.wait_for_function("() => found.drawn > 0")  # on a busy machine the first news may still be under way
    found = await page.evaluate(READ)
    await devtools.detach()
    frames = found["frames"]
    spread = percentiles(frames, {"p95": 0.95})
    return {
        "frames_per_s": round(1000 * len(frames) / sum(frames), 1),
        "frame_ms": round(sum(frames) / len(frames), 1),
        "p95_frame_ms": spread["p95"],
        "longest_frame_ms": round(max(frames), 1),
        "longest_task_ms": max(found["tasks"], default=0),
        "long_tasks": len(found["tasks"]),
        "drawn_per_s": round(found["drawn"] / seconds, 1),
        "still_s": max(0, int(seconds) - found["seconds"]),
        "heap_mb": round(max(heap) / MB, 1),
        "page_percent": round(100 * busy_s / seconds),
        "cpu_percent": used,
    }


async def _sample(devtools: CDPSession, heap: list[float]) -> None:
    while True:
        heap.append(await _metric(devtools, "JSHeapUsedSize"))
        await asyncio.sleep(SAMPLE_S)  # the heap grows until the browser collects: its peak is what counts


async def _metric(devtools: CDPSession, name: str) -> float:
    rows = (await devtools.send("Performance.getMetrics"))["metrics"]
    value: float = next(row["value"] for row in rows if row["name"] == name)
    return value
