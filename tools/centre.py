"""A service desk in the middle of its day, staged for pictures and checks: the same each time but for clocks."""

import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from time import time

from casebaton.client import Client
from casebaton.client.agent import Agent
from casebaton.client.state import Window
from casebaton.history import database
from casebaton.history.migrate import migrate
from casebaton.settings import Settings
from casebaton.store.embedded import EmbeddedServer
from casebaton.workspace import document
from loadtest.process import NodeProcess, Site, run_node
from tools.past import write_past

WORKSPACE = "demo"
HOUR_MS = 3_600_000
URL = "https://shop.example/orders/4711"
# Beside the demo's own document: what makes a case wait for a skill, an alert, an appointment.
MORE = """
skills = ["repair", "wine"]
"""
TABLES = """
[queues.tastings]
skills = {wine = 50}
service_level_s = 60
[alerts.long-line]
queue = "support"
waiting_above = 3
"""
WAITING = (
    ("support", "The shop's page stays blank", "Juri 2208", 2),
    ("support", "Cannot sign in after the update", "Klara 7120", 3),
    ("support", "App closes when a photo is added", "Leon 3391", 5),
    ("support", "Which cable fits the old model?", "Mara 9954", 7),
    ("billing", "Charged twice for one order", "Abe 4410", 2),
    ("returns", "Return label does not print", "Nils 1177", 4),
    ("returns", "Parcel came back to me", "Bea 8062", 5),
    ("returns", "When do I get my money back?", "Cora 5524", 5),
    ("tastings", "Which of these goes with fish?", "Dov 6633", 5),
)
WORKED = (
    ("ana", "support", "The lamp flickers since yesterday", "Edda 3015"),
    ("ana", "support", "The voucher was not counted", "Finn 4178"),
    ("bo", "support", "My order shows the wrong colour", "Gita 2746"),
    ("cy", "billing", "Please send the invoice once more", "Hugo 9321"),
    ("dan", "billing", "Wrong address on the invoice", "Inga 5580"),
)


class Centre:
    """The desk: a node, and who may sign in to it."""

    def __init__(self, site: Site, node: NodeProcess) -> None:
        self.base_url = node.base_url
        self.waits_for_skill = ""
        self._site = site
        self._stack = AsyncExitStack()
        self._clients: dict[str, Client] = {}

    def token(self, role: str, subject: str) -> str:
        """A token for whoever it is."""
        return self._site.token(role, subject, WORKSPACE)  # type: ignore[arg-type]  # the caller's word

    async def client(self, role: str, subject: str) -> Client:
        """A connection of theirs, until the desk closes."""
        if subject not in self._clients:
            client = Client(self.base_url, WORKSPACE, token=self.token(role, subject))
            self._clients[subject] = await self._stack.enter_async_context(client)
        return self._clients[subject]

    async def close(self) -> None:
        """Close the connections."""
        await self._stack.aclose()

    async def stage(self) -> None:
        """Bring the day to where the pictures show it."""
        shop = await self.client("producer", "shop")
        for agent, queue, subject, customer in WORKED:
            await shop.submit(queue=queue, subject=subject, customer=customer, required_agent=agent, url=URL)
            await self._accept(agent)
        await (await self._agent("bo")).raise_flag("The customer wants a supervisor")
        await (await self._agent("dan")).set_status("break")
        for queue, subject, customer, priority in WAITING:
            brief = await shop.submit(queue=queue, subject=subject, customer=customer, priority=priority, url=URL)
            if queue == "tastings":
                self.waits_for_skill = brief.case

    async def ring(self, subject: str, customer: str, priority: int = 5) -> str:
        """A case for you alone."""
        shop = await self.client("producer", "shop")
        brief = await shop.submit(queue="vip", subject=subject, customer=customer, priority=priority, url=URL)
        return brief.case

    async def appointment(self, subject: str, customer: str, in_hours: int) -> None:
        """An appointment for you."""
        from_ms = (round(time() * 1000) // HOUR_MS + in_hours) * HOUR_MS
        shop = await self.client("producer", "shop")
        await shop.submit(
            queue="field",
            channel="appointment",
            subject=subject,
            customer=customer,
            place="12 Harbour Street",
            window=Window(from_ms=from_ms, until_ms=from_ms + HOUR_MS),
        )

    async def _agent(self, name: str) -> Agent:
        return (await self.client("agent", name)).agent()

    async def _accept(self, name: str) -> None:
        agent = await self._agent(name)
        await agent.set_status("online")
        async for offer in agent.offers():
            await offer.accept()
            return


def keep_past(directory: Path, days: int) -> None:
    """A history of the workspace, of so many days until yesterday."""
    url = database.find(Settings(data_dir=str(directory)))
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    write_past(engine, WORKSPACE, datetime.now(UTC), days)
    engine.dispose()


@asynccontextmanager
async def open_centre(past_days: int = 1) -> AsyncIterator[Centre]:
    """The desk, staged, on a node of its own for as long as the block runs; its history knows some days before."""
    text = resources.files("casebaton.demo").joinpath("workspace.toml").read_text("utf-8")
    text = text.replace('["support", "billing", "returns", "live-chat", "vip", "field"]', '["returns", "vip", "field"]')
    text = text.replace('["returns", "support"]', '["returns", "support", "tastings"]')
    text = text.replace("interruptible_capacity = 6\n", "")
    for name, count in Counter(agent for agent, *_ in WORKED).items():  # full with it: what comes in later waits
        text = text.replace(f"[agents.{name}]", f"[agents.{name}]\ninterruptible_capacity = {count}")
    text = MORE + text + TABLES
    with tempfile.TemporaryDirectory(prefix="casebaton-centre-") as directory:
        async with EmbeddedServer(Path(directory) / "store") as server:
            keep_past(Path(directory), past_days)
            site = Site(Path(directory), server.url, node_settings={"history_url": ""})
            await site.apply(document.parse(text), WORKSPACE)
            async with run_node(site) as node:
                centre = Centre(site, node)
                try:
                    await centre.stage()
                    yield centre
                finally:
                    await centre.close()
