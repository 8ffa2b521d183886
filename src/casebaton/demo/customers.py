"""The demo's customers: they come at random, each with one of the troubles that a shop knows."""

import asyncio
from random import SystemRandom

from msgspec import Struct

from casebaton.client import Client, CommandRefused, NotSent, OutcomeUnknown, QueueLine

MOST_WAITING = 100  # with so many in line nobody new comes: a demo left alone stays small
YOURS = "vip"  # the queue that you alone serve: one case waits there for you, no more
OPENING = 3  # cases in the queue to take from before anybody comes
WITHDRAWN = 0.04  # share of the customers who help themselves after a while
WITHDRAW_AFTER_S = (5.0, 40.0)


class Trouble(Struct, frozen=True):
    """What a customer may come with."""

    queue: str
    subject: str
    priority: int = 5
    channel: str = "case"


TROUBLES = (
    Trouble("support", "The lamp flickers since yesterday"),
    Trouble("support", "Cannot sign in after the update", 3),
    Trouble("support", "Which cable fits the old model?", 7),
    Trouble("support", "The shop's page stays blank", 2),
    Trouble("support", "App closes when a photo is added"),
    Trouble("billing", "Charged twice for one order", 2),
    Trouble("billing", "Please send the invoice once more", 7),
    Trouble("billing", "The voucher was not counted"),
    Trouble("billing", "Wrong address on the invoice", 6),
    Trouble("returns", "Parcel came back to me"),
    Trouble("returns", "Return label does not print", 4),
    Trouble("returns", "When do I get my money back?"),
    Trouble("live-chat", "Is the blue one in stock?", 4, "chat"),
    Trouble("live-chat", "Where is my parcel right now?", 3, "chat"),
    Trouble("live-chat", "I would like to change my order", 3, "chat"),
    Trouble(YOURS, "I have a question that only you can answer", 1),
    Trouble(YOURS, "You helped me so well the last time", 1),
    Trouble(YOURS, "About the offer that you sent me", 2),
    Trouble(YOURS, "Twelve more of the large ones, please", 2),
    Trouble(YOURS, "Can it be delivered a day earlier?", 1),
)
NAMES = ("Abe", "Bea", "Cora", "Dov", "Edda", "Finn", "Gita", "Hugo", "Inga", "Juri", "Klara", "Leon", "Mara", "Nils")


class Customers:
    """One producer's connection that all of them share."""

    def __init__(self, client: Client, chance: SystemRandom) -> None:
        self._client = client
        self._chance = chance
        self._lines: dict[str, QueueLine] = {}

    async def come(self, every_s: float) -> None:
        """Some are there already; then one by one, on average every so many seconds, until cancelled."""
        queues = sorted({trouble.queue for trouble in TROUBLES})
        self._lines = {queue: await self._client.watch_queue(queue, limit=1) for queue in queues}
        async with asyncio.TaskGroup() as visits:
            for trouble in self._opening():
                visits.create_task(self._visit(trouble))
            while True:
                await asyncio.sleep(self._chance.expovariate(1 / every_s))
                if sum(line.waiting for line in self._lines.values()) < MOST_WAITING:
                    visits.create_task(self._visit(self._chance.choice(self._troubles())))

    def _opening(self) -> list[Trouble]:
        """What makes the page worth a look at once: something to take, and something that rings for you."""
        pull = [trouble for trouble in TROUBLES if self._lines[trouble.queue].mode == "pull"]
        yours = [trouble for trouble in self._troubles() if trouble.queue == YOURS]
        return pull[:OPENING] + yours[:1]

    def _troubles(self) -> list[Trouble]:
        """What somebody may come with now."""
        return [trouble for trouble in TROUBLES if trouble.queue != YOURS or not self._lines[YOURS].waiting]

    async def _visit(self, trouble: Trouble) -> None:
        number = self._chance.randrange(1000, 9999)
        try:
            case = await self._client.submit(
                queue=trouble.queue,
                channel=trouble.channel,
                subject=trouble.subject,
                customer=f"{self._chance.choice(NAMES)} {number}",
                url=f"https://shop.example/orders/{number}",
                priority=trouble.priority,
            )
            if self._chance.random() < WITHDRAWN:
                await asyncio.sleep(self._chance.uniform(*WITHDRAW_AFTER_S))
                await self._client.cancel(case.case, "customer_withdrew")
        except (CommandRefused, NotSent, OutcomeUnknown):
            return  # it has ended already, or the server is away: this customer does not come back
