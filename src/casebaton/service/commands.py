"""Use cases: a checked command becomes one call of the engine."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from casebaton.auth import Identity
from casebaton.errors import Forbidden, Invalid
from casebaton.service import access, colleagues, configuration, roster, why
from casebaton.store import customers, skills
from casebaton.store.client import Answer, StoreClient
from casebaton.wire import messages as m

CARD_BYTES = 1024
DATA_BYTES = 32768
PREFERRED_MS = 120_000

_encoder = msgspec.json.Encoder(order="sorted")


def _or_empty(value: Any) -> Any:
    """What the engine is given: nothing for what was not said, and a flag is 1 or nothing."""
    return "" if value is UNSET or value is False else int(value) if value is True else value


def _card(command: m.SubmitCase | m.UpdateCase) -> str:
    """What a command says of the card, or nothing."""
    said = {name: value for name in m.Card.__struct_fields__ if (value := getattr(command, name)) is not UNSET}
    # The text counts, not its JSON: the engine, which measures what an update makes of a card, escapes otherwise.
    if sum(len(value.encode()) for value in said.values()) > CARD_BYTES:
        raise Invalid(f"$.subject: subject, customer, url and place together take more than {CARD_BYTES} bytes")
    return _encoder.encode(said).decode() if said else ""


def _window(window: m.Window | UnsetType) -> str | UnsetType:
    """As the engine keeps it."""
    if window is UNSET:
        return UNSET
    if window.until_ms <= window.from_ms:
        raise Invalid("$.window.until_ms: must be after from_ms")
    return f"{window.from_ms}-{window.until_ms}"


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
        "card": _card(command),
        "data": _data(command.data),
        "customer_key": _customer_key(command.customer),
        "asks": _asks(command),
        "linked_case": _or_empty(command.linked_case),
    }


def _customer_key(customer: str | UnsetType) -> str:
    return "" if customer is UNSET else customers.key_of(customer)


def _additional(said: list[m.AdditionalSkill] | UnsetType) -> str:
    return "" if said is UNSET else skills.additional((one.skill, one.level, one.number) for one in said)


def _asks(command: m.SubmitCase) -> str:
    """What a plain case does not say, as JSON; empty when it says none of it."""
    if command.required_agent is not UNSET and command.preferred_agent is not UNSET:
        raise Invalid("$.preferred_agent: a case has a required agent or a preferred one, not both")
    said: dict[str, Any] = {
        "cost": command.cost,
        "skills": skills.required(command.skills) if command.skills else UNSET,
        "additional_skills": _additional(command.additional_skills) if command.additional_skills else UNSET,
        "due_at": command.due_at_ms,
        "preferred_agent": command.preferred_agent,
        "preferred_ms": PREFERRED_MS if command.preferred_ms is UNSET else command.preferred_ms,
        "required_agent": command.required_agent,
        "window": _window(command.window),
    }
    if command.preferred_agent is UNSET:
        del said["preferred_ms"]
    said = {name: value for name, value in said.items() if value is not UNSET}
    return _encoder.encode(said).decode() if said else ""


def _update(command: m.UpdateCase) -> dict[str, Any]:
    return {
        "case": command.case,
        "baton": command.baton,
        "priority": _or_empty(command.priority),
        "card": _card(command),
        "data": _data(command.data),
        "customer_key": "-" if command.customer == "" else _customer_key(command.customer),
        "skills": "" if command.skills is UNSET else skills.required(command.skills),
        "additional_skills": _additional(command.additional_skills),
        "due_at": _or_empty(command.due_at_ms),
        "customer_activity": _or_empty(command.customer_activity),
        "window": "-" if command.window == m.Window() else _or_empty(_window(command.window)),
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
        "skills": _agent_skills(command),
        "tiers": "" if command.tiers is UNSET else skills.tiers(command.tiers),
        "auto_accept": "" if command.auto_accept is UNSET else int(command.auto_accept),
        "status": _or_empty(command.status),
        "limits": "" if command.limits is UNSET else skills.limits(command.limits),
        "ring_factor": _or_empty(command.ring_factor),
    }


def _agent_skills(command: m.SetAgent) -> str:
    levels = {} if command.skills is UNSET else command.skills
    if unknown := command.skill_dates.keys() - levels.keys():
        raise Invalid(f"$.skill_dates.{min(unknown)}: dates belong to a skill of $.skills")
    dates = {name: (one.since_ms, one.until_ms or 0) for name, one in command.skill_dates.items()}
    return "" if command.skills is UNSET else skills.of_agent(levels, dates)


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
        case m.SetStage(stage="cannot_complete", reason=msgspec.UNSET):
            raise Invalid("$.reason: say why the case cannot be completed")
        case m.SetStatus():
            channels = "*" if command.channels is UNSET else ",".join(sorted(set(command.channels)))
            return {"status": command.status, "channels": channels, "next": "1" if command.next else ""}
        case _:
            fields = (name for name in command.__struct_fields__ if name != "id")
            return {name: _or_empty(getattr(command, name)) for name in fields}


async def execute(store: StoreClient, identity: Identity, command: m.CommandMessage) -> Answer:
    """Run a command. One that only reads has no id for the engine, which writes nothing down of it. Raises Forbidden,
    Invalid, Refused, Unavailable or OutcomeUnknown.
    """
    access.check(identity, command)
    match command:
        case m.WhyCase():
            return await why_case(store, identity, command.case)
        case m.ReadNotes():
            return await read_notes(store, identity, command.case)
        case m.FindColleagues():
            return await colleagues.find(store, identity, command)
        case m.ReadNames():
            return await read_names(store, identity, command.agents)
        case m.ReadHistory():
            return await read_history(store, identity, command.case, _or_empty(command.before), command.limit)
        case m.ReadDay():
            return await read_day(store, identity, _or_empty(command.agent), _or_empty(command.since_ms))
        case m.EraseCustomer():
            return await customers.erase(store, identity.workspace, identity.actor, command.customer, command.id)
        case m.ReadConfig() | m.ReadConfigVersions() | m.ApplyConfig() | m.RollbackConfig():
            return await configuration.execute(store, identity, command)
        case m.ReadRoster() | m.PutRoster():
            return await roster.execute(store, identity, command)
    arguments = _arguments(identity, command)
    return await store.run(
        access.name_of(command), identity.workspace, identity.actor, command_id=command.id, **arguments
    )


async def read_case(store: StoreClient, identity: Identity, case: str) -> Answer:
    """One case with its data. An agent sees its own cases, those of its queues, and what a colleague wants to hand over
    to it while that rings. Raises Refused.
    """
    answer = await store.run("read_case", identity.workspace, identity.actor, case=case)
    place = msgspec.json.decode(answer.body, type=_Place)
    if identity.role == "agent" and identity.subject not in (place.agent, place.target):
        await read_line(store, identity, place.queue, 1)  # refused unless the agent is a member
    return answer


class _Place(Struct):
    queue: str
    agent: str = ""
    target: str = ""


async def why_case(store: StoreClient, identity: Identity, case: str) -> Answer:
    """Why a case is where it is, for whoever may see it. Raises Refused."""
    seen = await read_case(store, identity, case)
    return Answer(seen.position, msgspec.json.encode(await why.explain(store, identity, case)))


async def read_agent(store: StoreClient, identity: Identity, agent: str) -> Answer:
    """An agent with what it holds. Raises Refused."""
    return await store.run("read_agent", identity.workspace, identity.actor, agent=agent)


async def read_notes(store: StoreClient, identity: Identity, case: str) -> Answer:
    """A case's notes. Raises Refused."""
    return await store.run("read_notes", identity.workspace, identity.actor, case=case)


async def read_names(store: StoreClient, identity: Identity, agents: Sequence[str]) -> Answer:
    """What agents are called, each once; unknown ones are left out."""
    named = ",".join(dict.fromkeys(agents))
    return await store.run("read_names", identity.workspace, identity.actor, agents=named)


async def read_history(
    store: StoreClient, identity: Identity, case: str, before: str, limit: int, *, named: str = "$.before"
) -> Answer:
    """A page of a case's events, newest first, for whoever may see the case. Raises Refused, or Invalid when `before`,
    which the caller knows as `named`, is a position of another case.
    """
    await read_case(store, identity, case)
    answer = await store.run("read_history", identity.workspace, identity.actor, case=case, before=before, limit=limit)
    if any(item.case != case for item in msgspec.json.decode(answer.body, type=_History).items):
        raise Invalid(f"{named}: not one of this case")
    return answer


class _CaseId(Struct):
    case: str = ""


class _History(Struct):
    items: list[_CaseId]


async def read_day(store: StoreClient, identity: Identity, agent: str, since_ms: int | str) -> Answer:
    """What an agent has done since an instant, by default for 24 hours; an agent asks of itself. Raises Forbidden,
    Invalid or Refused.
    """
    access.require(identity, access.MAY[m.ReadDay], "read an agent's day")
    if identity.role == "agent" and agent not in ("", identity.subject):
        raise Forbidden("$.agent: an agent reads its own day")
    if identity.role != "agent" and not agent:
        raise Invalid("$.agent: name the agent")
    agent = agent or identity.subject
    return await store.run("read_day", identity.workspace, identity.actor, agent=agent, since_ms=since_ms)


async def read_line(store: StoreClient, identity: Identity, queue: str, limit: int, after: str = "") -> Answer:
    """A page of a queue's line. Raises Refused."""
    return await store.run("read_line", identity.workspace, identity.actor, queue=queue, after=after, limit=limit)


async def read_customer(store: StoreClient, identity: Identity, customer: str, limit: int, after: str = "") -> Answer:
    """A page of a customer's live cases, oldest request first."""
    return await store.run(
        "read_customer",
        identity.workspace,
        identity.actor,
        customer=_customer_key(customer),
        after=after,
        limit=limit,
    )


async def read_queues(store: StoreClient, identity: Identity, queues: Sequence[str]) -> Answer:
    """Queues as they are now; unknown ones are left out."""
    return await store.run("read_queues", identity.workspace, identity.actor, queues=",".join(queues))


async def count_lines(store: StoreClient, identity: Identity) -> Answer:
    """How many cases wait in each of an agent's queues. Raises Refused."""
    return await store.run("count_lines", identity.workspace, identity.actor)
