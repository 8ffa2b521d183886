"""The demo's life: simulated agents who work, and customers who come."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from importlib import resources
from random import SystemRandom

from msgspec import UNSET

from casebaton.auth import Role
from casebaton.client import Client
from casebaton.demo.appointments import Appointments
from casebaton.demo.customers import Customers
from casebaton.demo.person import Person
from casebaton.workspace import document

WORKSPACE = "demo"
YOU = "you"
WORK_S = 25.0
BUSY = 0.6  # of the agents' time is taken at most: more cases than that are worked on faster


def sample() -> document.Document:
    """The demo's workspace."""
    return document.parse(resources.files("casebaton.demo").joinpath("workspace.toml").read_text("utf-8"))


def simulated(found: document.Document, count: int) -> list[str]:
    """The names of the first so many agents who are not you."""
    return [name for name in found.agents if name != YOU][:count]


def _room(agent: document.Agent) -> int:
    units = agent.interruptible_capacity
    return document.INTERRUPTIBLE_CAPACITY if units is UNSET else units


async def play(base_url: str, sign: Callable[[Role, str], str], *, agents: int, every_s: float) -> None:
    """Simulate until cancelled; a case comes every `every_s` seconds on average."""
    workspace, chance = sample(), SystemRandom()
    names = simulated(workspace, agents)
    room = sum(_room(workspace.agents[name]) for name in names)
    work_s = min(WORK_S, BUSY * room * every_s) if room else WORK_S
    async with AsyncExitStack() as stack:
        customers = await stack.enter_async_context(Client(base_url, WORKSPACE, token=sign("producer", "shop")))
        for name in names:
            client = Client(base_url, WORKSPACE, token=sign("agent", name))
            await stack.enter_async_context(Person(client, workspace.agents[name].queues or [], work_s, chance))
        async with asyncio.TaskGroup() as coming:
            coming.create_task(Customers(customers, chance).come(every_s))
            coming.create_task(Appointments(customers, chance).come())
