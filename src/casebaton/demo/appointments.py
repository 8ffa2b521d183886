"""The demo's service appointments: one after the other, for you alone."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from random import SystemRandom

from casebaton.client import Client, CommandRefused, Event, NotSent, OutcomeUnknown, Window

FIELD = "field"
CHANNEL = "appointment"
LASTS = timedelta(hours=1)
AFTER_AN_ANSWER_S = (60.0, 240.0)
LONGEST_UNANSWERED_S = 3600.0  # then another one comes beside it
ANSWERS = frozenset(
    {"case_accepted", "case_declined", "offer_expired", "case_taken", "case_assigned", "case_cancelled", "case_closed"}
)
VISITS = (
    ("Mount the wall lamp", "Ida Berg", "12 Harbour Street"),
    ("The washing machine leaks", "Otto Lang", "3 Mill Lane"),
    ("Swap the oven door", "Pia Roth", "88 Station Road"),
    ("Set up the new router", "Karl Winter", "5 Church Square"),
    ("The heating stays cold", "Lea Stein", "41 Garden Row"),
)


def slots(now: datetime) -> Iterator[datetime]:
    """When visits may begin: from two hours on, by day, none within another."""
    at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    while True:
        if 8 <= at.hour < 17:
            yield at
        at += LASTS + timedelta(minutes=30)


def window(at: datetime) -> Window:
    """A visit's time."""
    return Window(round(at.timestamp() * 1000), round((at + LASTS).timestamp() * 1000))


class Appointments:
    """They come by the producer's connection that the customers share."""

    def __init__(self, client: Client, chance: SystemRandom) -> None:
        self._client = client
        self._chance = chance

    async def come(self) -> None:
        """One at once, the next some minutes after it was answered, until cancelled."""
        await self._client.watch_queue(FIELD, limit=1)
        planned = slots(datetime.now().astimezone())
        for subject, customer, place in cycle(VISITS):
            await self._visit(subject, customer, place, next(planned))
            await asyncio.sleep(self._chance.uniform(*AFTER_AN_ANSWER_S))  # a person is not called out all the time

    async def _visit(self, subject: str, customer: str, place: str, at: datetime) -> None:
        case, answered = f"visit-{self._chance.getrandbits(48):012x}", asyncio.Event()

        def hear(event: Event) -> None:
            if event.case == case and event.type in ANSWERS:
                answered.set()

        stop = self._client.on_event(hear)
        try:
            await self._client.submit(
                case=case,
                queue=FIELD,
                channel=CHANNEL,
                subject=subject,
                customer=customer,
                place=place,
                window=window(at),
                priority=3,
            )
            async with asyncio.timeout(LONGEST_UNANSWERED_S):
                await answered.wait()
        except (CommandRefused, NotSent, OutcomeUnknown, TimeoutError):
            return  # the server is away, or nobody answers: the next one comes in its turn
        finally:
            stop()
