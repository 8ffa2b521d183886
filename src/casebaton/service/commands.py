"""Use cases: a checked command becomes one call of the engine."""

import hashlib
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from casebaton.auth import Identity
from casebaton.errors import Forbidden, Invalid
from casebaton.service import access
from casebaton.store.client import Answer, StoreClient
from casebaton.wire import messages as m

CARD_BYTES = 1024
DATA_BYTES = 32768

_encoder = msgspec.json.Encoder(order="sorted")


def _or_empty(value: Any) -> Any:
    """What the engine is given: nothing for what was not said, and a flag is 1 or nothing."""
    return "" if value is UNSET or value is False else int(value) if value is True else value


def _card(subject: str | UnsetType, customer: str | UnsetType, url: str | UnsetType) -> str:
    fields = {"subject": subject, "customer": customer, "url": url}
    text = _encoder.encode({name: value for name, value in fields.items() if value is not UNSET}).decode()
    if len(text.encode()) > CARD_BYTES:
        raise Invalid(f"$.subject: subject, customer and url together take more than {CARD_BYTES} bytes")
    return text


def _data(data: msgspec.Raw | UnsetType) -> bytes:
    if data is UNSET:
        return b""
    text = bytes(data)
    if len(text) > DATA_BYTES:
        raise Invalid(f"$.data: {len(text)} bytes, at most {DATA_BYTES}")
    try:
        msgspec.json.decode(text)  # Raw was only skipped over: it may hold what no reader could decode
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("$.data: text that is not UTF-8, a number out of range, or nested too deeply") from error
    return text


def customer_digest(customer: str) -> str:
    """What the engine keeps a customer's cases under: any text, made safe for a key. Nothing for no customer."""
    return hashlib.sha256(customer.encode()).hexdigest()[:32] if customer else ""


def case_id(identity: Identity, command: m.SubmitCase) -> str:
    """The client's case id, or one that the same actor and command id always give again."""
    if command.case is not UNSET:
        return command.case
    key = f"{identity.workspace}\n{identity.role}\n{identity.subject}\n{command.id}"
    return "c-" + hashlib.sha256(key.encode()).hexdigest()[:24]


def _submit(identity: Identity, command: m.SubmitCase) -> dict[str, Any]:
    body = {name: getattr(command, name) for name in command.__struct_fields__ if name not in ("id", "case")}
    said = {name: value for name, value in body.items() if value is not UNSET}
    return {
        "case": case_id(identity, command),
        "queue": command.queue,
        "channel": command.channel,
        "priority": command.priority,
        "created_at": _or_empty(command.created_at_ms),
        "digest": hashlib.sha256(_encoder.encode(said)).hexdigest()[:32],
        "card": _card(command.subject, command.customer, command.url),
        "data": _data(command.data),
        "linked_case": _or_empty(command.linked_case),
        "customer": customer_digest(_or_empty(command.customer)),
    }


def _update(command: m.UpdateCase) -> dict[str, Any]:
    said = (command.subject, command.customer, command.url)
    return {
        "case": command.case,
        "baton": command.baton,
        "priority": _or_empty(command.priority),
        "card": "" if all(value is UNSET for value in said) else _card(*said),
        "data": _data(command.data),
        "customer_activity": _or_empty(command.customer_activity),
        "customer": "" if command.customer is UNSET else customer_digest(command.customer) or "-",
    }


def _transfer(identity: Identity, command: m.TransferCase) -> dict[str, Any]:
    if (command.queue is UNSET) == (command.agent is UNSET):
        raise Invalid("$.queue: name either a queue or an agent")
    if command.agent is not UNSET and identity.role != "agent":
        raise Forbidden("$.agent: only its owner offers a case to another agent; assign it")
    return {
        "case": command.case,
        "baton": command.baton,
        "queue": _or_empty(command.queue),
        "reason": _or_empty(command.reason),
        "agent": _or_empty(command.agent),
    }


def _set_agent(command: m.SetAgent) -> dict[str, Any]:
    queues = "" if command.queues is UNSET else ",".join(sorted(set(command.queues))) or "-"
    return {
        "agent": command.agent,
        "capacity": _or_empty(command.capacity),
        "interruptible_capacity": _or_empty(command.interruptible_capacity),
        "queues": queues,
    }


def _arguments(identity: Identity, command: m.CommandMessage) -> dict[str, Any]:
    match command:
        case m.SubmitCase():
            return _submit(identity, command)
        case m.UpdateCase():
            return _update(command)
        case m.TransferCase():
            return _transfer(identity, command)
        case m.SetAgent():
            return _set_agent(command)
        case m.SetStatus():
            channels = "*" if command.channels is UNSET else ",".join(sorted(set(command.channels)))
            return {"status": command.status, "channels": channels}
        case _:
            fields = (name for name in command.__struct_fields__ if name != "id")
            return {name: _or_empty(getattr(command, name)) for name in fields}


async def execute(store: StoreClient, identity: Identity, command: m.CommandMessage) -> Answer:
    """Run a command that changes state. Raises Forbidden, Invalid, Refused, Unavailable or OutcomeUnknown."""
    access.check(identity, command)
    arguments = _arguments(identity, command)
    return await store.run(
        access.name_of(command), identity.workspace, identity.actor, command_id=command.id, **arguments
    )


async def read_line(store: StoreClient, identity: Identity, queue: str, limit: int, after: str = "") -> Answer:
    """A page of a queue's line. Raises Refused."""
    return await store.run("read_line", identity.workspace, identity.actor, queue=queue, after=after, limit=limit)


async def read_customer(store: StoreClient, identity: Identity, customer: str, limit: int, after: str = "") -> Answer:
    """A page of a customer's live cases, oldest request first."""
    return await store.run(
        "read_customer",
        identity.workspace,
        identity.actor,
        customer=customer_digest(customer),
        after=after,
        limit=limit,
    )
