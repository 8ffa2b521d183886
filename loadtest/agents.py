"""Simulated agents for the figures: quick workers on sockets of their own."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from casebaton.client import Client, Event, Offer, OwnedCase
from casebaton.replay.agent import Move, SimulatedAgent
from casebaton.workspace.document import Agent, Channel, Document, Queue
from loadtest.process import WORKSPACE, Site


def names(count: int) -> list[str]:
    """So many agents' names."""
    return [f"agent-{number}" for number in range(count)]


def describe(agents: Iterable[str], queues: Iterable[str], *, capacity: int, mode: str = "push") -> Document:
    """A workspace in which every agent is in every queue."""
    queues = list(queues)
    return Document(
        channels={"case": Channel()},
        queues={name: Queue(mode=mode) for name in queues},  # type: ignore[arg-type]  # the document checks it
        agents={name: Agent(capacity=capacity, interruptible_capacity=capacity, queues=queues) for name in agents},
    )


def client(site: Site, base_url: str, name: str, *, deadline_s: float = 10.0) -> Client:
    """An agent's client."""
    return Client(base_url, WORKSPACE, token=site.token("agent", name), deadline_s=deadline_s)


def producer(site: Site, base_url: str, *, deadline_s: float = 10.0) -> Client:
    """A producer's client."""
    return Client(base_url, WORKSPACE, token=site.token("producer", "crm"), deadline_s=deadline_s)


@asynccontextmanager
async def working(
    site: Site, base_url: str, agents: Iterable[str], *, work_s: float, on_event: Callable[[Event], object]
) -> AsyncIterator[list[SimulatedAgent]]:
    """Agents who accept at once and complete after `work_s`; `on_event` hears what each of them hears."""

    def answer(offer: Offer) -> Move:
        return Move(0, offer.accept)

    def work(owned: OwnedCase) -> Move:
        return Move(work_s, owned.complete)

    async with AsyncExitStack() as stack:
        found = []
        for name in agents:
            connection = client(site, base_url, name)
            connection.on_event(on_event)
            found.append(await stack.enter_async_context(SimulatedAgent(connection, answer=answer, work=work)))
        yield found
