"""Customers: told apart without being named, and erased."""

import hashlib

import msgspec
from msgspec import Struct

from casebaton.store.client import Actor, Answer, StoreClient


def key_of(customer: str) -> str:
    """By what a customer's cases are found: no text of theirs stands in a key. Empty for nobody."""
    return hashlib.sha256(customer.encode()).hexdigest()[:24] if customer else ""


class _Erased(Struct):
    erased: int
    left: int


_erased = msgspec.json.Decoder(_Erased)


async def erase(store: StoreClient, workspace: str, actor: Actor, customer: str, command_id: str) -> Answer:
    """Erase what is said of a customer on its live cases, slice by slice, and tell the log. The answer is
    `{"erased": …}`, how many cases it was.

    Safe to send again, whole or after a part of it: each slice has its own command id. Raises Unavailable or
    OutcomeUnknown.
    """
    erased, left, part = 0, 1, 0
    while left:
        answer = await store.run(
            "erase_customer", workspace, actor, command_id=f"{command_id}/{part}", customer_key=key_of(customer)
        )
        found = _erased.decode(answer.body)
        erased, left, part = erased + found.erased, found.left, part + 1
    return Answer(answer.position, msgspec.json.encode({"erased": erased}))
