"""The producer's part in a replay: submitting until it is known to be in, and asking at the end what became of it."""

import asyncio

from casebaton.client import CaseBrief, Client, NotSent, OutcomeUnknown
from casebaton.replay.agent import TRY_AGAIN_S
from casebaton.replay.rows import Submission


async def submit(producer: Client, case: Submission) -> CaseBrief:
    """Submit until it is known to be in: the same case again has no second effect."""
    while True:
        try:
            return await producer.submit(
                case=case.case,
                queue=case.queue,
                subject=case.subject,
                customer=case.customer,
                priority=case.priority,
            )
        except (NotSent, OutcomeUnknown):
            await asyncio.sleep(TRY_AGAIN_S)


async def ask_again(producer: Client, case: Submission, last_revision: int) -> str:
    """The case's state in the server; `lost` when it is younger there than somebody has seen it."""
    brief = await submit(producer, case)
    return "lost" if brief.revision < last_revision else brief.state
