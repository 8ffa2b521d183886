"""Which workspaces there are, and how a document becomes the configuration in force."""

import secrets
import time
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from casebaton.errors import CasebatonError, Finding, Invalid, Refused
from casebaton.store import calendars, roster, skills, versions
from casebaton.store.client import Actor, Answer, StoreClient
from casebaton.store.connection import reaching
from casebaton.store.figures import Levels
from casebaton.store.keys import NODES, REGISTRY, key
from casebaton.workspace import document as documents
from casebaton.workspace import hours
from casebaton.workspace.document import Document, Queue, Settings
from casebaton.workspace.effects import Effect, Target
from casebaton.workspace.roster import misfits, rows_of
from casebaton.workspace.routing import Plan
from casebaton.workspace.warnings import warnings_of

ADMIN = ("admin", "apply")
SERVICE_LEVEL_S = 20.0  # of a queue that names none, and whose target has none


Structure = dict[str, dict[str, str]]
"""The hashes that the engine reads, by the tail of their keys."""


class Applied(Struct, frozen=True):
    """What an apply did. `refused` are the agents that could not be made so; `warnings` say what can never route."""

    version: int
    structure_changed: bool
    agents: int
    refused: tuple[roster.Outcome, ...] = ()
    warnings: tuple[Finding, ...] = ()


class Present(Struct, frozen=True):
    """The configuration in force: its version (0 before the first), its digest, and what the engine reads."""

    version: int
    digest: str
    structure: Structure


class Asked(Struct, frozen=True):
    """Who applies, under which command id, upon which version (None: whichever is in force), at which virtual time."""

    actor: Actor
    command_id: str = ""
    previous: int | None = None
    now: int | None = None


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        "offer_limit": settings.offer_limit,
        "retention_ms": _ms(settings.retention_s),
        "grace_ms": _ms(settings.grace_s),
        "gone_ms": _ms(settings.gone_s),
        "reopen_ms": _ms(settings.reopen_s),
    }


def _structure(document: Document) -> Structure:
    found: dict[str, dict[str, int | str]] = {"workspace": dict(_settings(document.workspace))} | _watched(document)
    for name, queue in document.queues.items():
        found[f"queue:{name}"] = {
            "mode": queue.mode,
            "exclusion_ms": _ms(queue.exclusion_s),
            "rank": queue.rank,
            "order": queue.order,
            "credit_ms": _ms(queue.credit_s),
            "choice": queue.choice,
            "plan": queue.plan or "",
            "skills": skills.required(queue.skills),
            "affinity_ms": _ms(queue.affinity_s),
            "affinity_wait_ms": _ms(queue.affinity_wait_s),
            "take_needs_skills": int(queue.take_needs_skills),
            "auto_accept": int(queue.auto_accept),
            "target": queue.target or "",
            "length_limit": queue.length_limit,
            "overflow": queue.overflow or "",
            "calendar": "" if queue.hours is None else hours.name_of(document.hours[queue.hours]),
            "when_closed": queue.when_closed,
            "closed_clock": queue.closed_clock,
            "member_skills": skills.required(queue.member_skills) if queue.member_skills else "",
            "service_level_ms": _ms(_service_level_s(queue, document)),
        }
    for name, channel in document.channels.items():
        found[f"channel:{name}"] = {
            "pool": channel.pool,
            "cost": channel.cost,
            "ring_ms": _ms(channel.ring_s),
            "cooldown_ms": _ms(channel.cooldown_s),
            "miss_limit": channel.miss_limit,
            "wrap_up_ms": _ms(channel.wrap_up_s),
            "auto_accept": int(channel.auto_accept),
            "on_offline": channel.on_offline,
            "on_lost": channel.on_lost,
            "on_lost_after_ms": _ms(channel.on_lost_after_s),
            "on_decline_status": channel.on_decline_status or "",
            "idle_alert_ms": _ms(channel.idle_alert_s),
            "wrap_up_extensions": channel.wrap_up_extensions,
            "parked_cost": channel.parked_cost,
            "wake_limit_ms": _ms(channel.wake_limit_s),
            "target": channel.target or "",
            "stages": int(channel.stages),
            "reserve_after_ms": _ms(channel.reserve_after_s),
            "windows": int(channel.windows),
            "reachable_offline": int(channel.reachable_offline),
        }
    found["channels"] = {"says": documents.summaries(document).decode()}
    for name, status in document.statuses.items():
        found[f"status:{name}"] = {
            "kind": status.kind,
            "channels": "*" if status.channels is None else ",".join(sorted(set(status.channels))),
            "teams": "" if status.teams is None else msgspec.json.encode(sorted(set(status.teams))).decode(),
        }
    for name, plan in document.plans.items():
        found[f"plan:{name}"] = {"steps": _steps(plan), "restart_on": ",".join(_restarts(plan))}
    for name, says in _hours(document).items():
        found[f"hours:{name}"] = {"says": msgspec.json.encode(says).decode()}
    if document.skills:
        found["skills"] = dict.fromkeys(document.skills, 1)
    if document.skill_rules:
        rules = [
            {"field": rule.field, "value": rule.value, "skills": skills.required(rule.skills)}
            for rule in document.skill_rules
        ]
        found["rules"] = {"rules": msgspec.json.encode(rules).decode()}
    for name, target in document.targets.items():
        found[f"target:{name}"] = _clocks(target)
    if document.effects:
        found["effects"] = {"effects": msgspec.json.encode(_effects(document.effects)).decode()}
    return {name: {field: str(value) for field, value in row.items()} for name, row in found.items()}


def _watched(document: Document) -> dict[str, dict[str, int | str]]:
    """What only supervisors' views read."""
    alerts = msgspec.json.encode(document.alerts, order="sorted").decode()
    return {"watched": {"short_abandon_ms": _ms(document.workspace.short_abandon_s), "alerts": alerts}}


def _service_level_s(queue: Queue, document: Document) -> float:
    """Within what time a case of the queue should have its first owner."""
    if queue.service_level_s is not None:
        return queue.service_level_s
    target = document.targets.get(queue.target or "")
    return SERVICE_LEVEL_S if target is None or target.first_owner_s is None else target.first_owner_s


def levels_of(document: Document) -> Levels:
    """By what a document wants figures to be counted."""
    levels = {name: _ms(_service_level_s(queue, document)) for name, queue in document.queues.items()}
    return Levels(levels, _ms(document.workspace.short_abandon_s))


def _effects(effects: list[Effect]) -> list[dict[str, Any]]:
    """As the engine reads them, numbered from 1."""
    found = []
    for number, effect in enumerate(effects, 1):
        ((action, text),) = effect.actions.items()
        where = {"queue": effect.queue or "", "channel": effect.channel or ""}
        found.append({"number": number, "on": sorted(set(effect.on)), "action": action, "text": text} | where)
    return found


def _clocks(target: Target) -> dict[str, int | str]:
    """How a target counts; each clock's length and the time until its warning, empty where there is none."""
    found: dict[str, int | str] = {"in_open_hours": int(target.in_open_hours)}
    for clock, length in (("first_owner", target.first_owner_s), ("completion", target.completion_s)):
        found[f"{clock}_ms"] = "" if length is None else _ms(length)
        found[f"{clock}_warn_ms"] = "" if length is None else _ms(length * target.warn_at)
    return found


def _hours(document: Document) -> dict[str, hours.Hours]:
    """The hours that queues of the document keep, by the name of their calendar."""
    kept = (document.hours[queue.hours] for queue in document.queues.values() if queue.hours is not None)
    return {hours.name_of(one): one for one in kept}


def _steps(plan: Plan) -> str:
    """As the engine reads them: `after_ms kind value;…`."""
    found = []
    for step in plan.steps:
        ((kind, value),) = step.actions.items()
        found.append(f"{_ms(step.after_s)} {kind} {'' if value is True else value}")
    return ";".join(found)


def _restarts(plan: Plan) -> list[str]:
    """The events after which the plan begins again."""
    events = {"decline": ("case_declined", "offer_expired"), "return": ("case_returned",)}
    return sorted(event for cause in plan.restart_on for event in events[cause])


async def list_workspaces(store: StoreClient) -> list[str]:
    """All workspaces of this store, sorted."""
    with reaching():
        return sorted(name.decode() for name in await store.redis.smembers(REGISTRY))


async def config_version(store: StoreClient, workspace: str) -> int:
    """The version in force; 0 before the first apply."""
    with reaching():
        return int(await store.redis.hget(key(workspace, "meta"), "config") or 0)


async def _read_structure(store: StoreClient, workspace: str, version: int) -> Structure:
    """The structure of a version, as `_structure` lays it out."""
    prefix = key(workspace, f"config:{version}")
    with reaching():
        names = sorted(name.decode() for name in await store.redis.smembers(f"{prefix}:names"))
        pipeline = store.redis.pipeline(transaction=False)
        for name in names:
            pipeline.hgetall(f"{prefix}:{name}")
        rows = await pipeline.execute()
    return {
        name: {field.decode(): value.decode() for field, value in row.items()}
        for name, row in zip(names, rows, strict=True)
    }


async def read_present(store: StoreClient, workspace: str) -> Present:
    """The configuration in force, whole: read again when another comes into force meanwhile."""
    while True:
        version = await config_version(store, workspace)
        digest = await versions.newest_digest(store, workspace)
        structure = await _read_structure(store, workspace, version)
        if version == await config_version(store, workspace):
            return Present(version, digest, structure)


async def queue_modes(store: StoreClient, workspace: str) -> dict[str, str]:
    """Every queue and its mode; retired ones are not among them. Raises CasebatonError without such a workspace."""
    present = await read_present(store, workspace)
    if not present.version:
        raise CasebatonError("NO_SUCH_WORKSPACE", f"there is no workspace {workspace}")
    structure = present.structure
    return {
        name[6:]: row["mode"] for name, row in structure.items() if name.startswith("queue:") and "retired" not in row
    }


def _merged(document: Document, present: Present) -> Structure:
    """The document's structure, and what it no longer names but live cases may still be of: a channel as it was, a
    queue retired (nothing new comes in; what its agents hold can still be returned and goes on being offered), a plan,
    a status for the agents who have it.
    """
    wanted = _structure(document)
    for name, row in present.structure.items():
        if name not in wanted and ":" in name:
            wanted[name] = row | {"retired": "1"} if name.startswith(("queue:", "status:")) else row
    queues = {name[6:]: row for name, row in wanted.items() if name.startswith("queue:")}
    if by_skill := {name: row["member_skills"] for name, row in queues.items() if row.get("member_skills")}:
        wanted["by_skill"] = by_skill
    in_use = {f"hours:{row['calendar']}" for row in queues.values() if row.get("calendar")}
    return {name: row for name, row in wanted.items() if not name.startswith("hours:") or name in in_use}


def is_unchanged(document: Document, present: Present) -> bool:
    """Is the document in force already?"""
    return documents.digest(document) == present.digest and _merged(document, present) == present.structure


async def _stage(store: StoreClient, workspace: str, document: Document, wanted: Structure) -> int:
    """Write a structure and its document beside the one in force."""
    # A number of its own for every attempt: of two that stage at once, neither writes into what the other flips to.
    version = int(await store.redis.hincrby(key(workspace, "meta"), "staged", 1))
    prefix = key(workspace, f"config:{version}")
    pipeline = store.redis.pipeline(transaction=True)
    pipeline.sadd(f"{prefix}:names", *wanted)
    for name, row in wanted.items():
        pipeline.hset(f"{prefix}:{name}", mapping=row)
    pipeline.set(versions.document_key(workspace, version), documents.canonical(document))
    await pipeline.execute()
    return version


async def _discard(store: StoreClient, workspace: str, version: int, names: Iterable[str]) -> None:
    """Delete what was staged and did not come into force. What a lost caller leaves is swept by a later flip."""
    prefix = key(workspace, f"config:{version}")
    with reaching():
        await store.redis.delete(f"{prefix}:names", f"{prefix}:document", *(f"{prefix}:{name}" for name in names))


def rebuilt_queues(document: Document, present: Present) -> set[str]:
    """The queues whose classes an apply builds anew."""
    wanted, structure = _merged(document, present), present.structure
    # Another offer limit makes other agents ready, as does a channel that reaches others; cases that nobody had time
    # for may be offered once windows do not count: the classes of every queue are built anew.
    is_every = any(
        _differs(wanted[name], row, *fields)
        for kind, fields in (("workspace", ("offer_limit",)), ("channel:", ("windows", "reachable_offline")))
        for name, row in structure.items()
        if name.startswith(kind)
    )

    def is_rebuilt(name: str) -> bool:
        return is_every or _differs(wanted[name], structure[name], "mode", "choice")

    return {name[6:] for name in structure if name.startswith("queue:") and is_rebuilt(name)}


def _differs(wanted: dict[str, str], row: dict[str, str], *fields: str) -> bool:
    return any(wanted[field] != row.get(field) for field in fields)


def _reordered_queues(wanted: Structure, structure: Structure) -> set[str]:
    """The queues whose cases would stand in another order."""
    queues = {name: row for name, row in structure.items() if name.startswith("queue:")}
    return {name[6:] for name, row in queues.items() if _differs(wanted[name], row, "order", "credit_ms")}


def _patient_queues(wanted: Structure, structure: Structure) -> set[str]:
    """The queues in which cases wait for another time until an agent is kept free: all, when a channel says so."""
    channels = {name: row for name, row in structure.items() if name.startswith("channel:")}
    if not any(_differs(wanted[name], row, "reserve_after_ms") for name, row in channels.items()):
        return set()
    return {name[6:] for name in structure if name.startswith("queue:")}


def _removed_queues(wanted: Structure, structure: Structure) -> set[str]:
    """The queues that retire."""
    queues = {name: row for name, row in structure.items() if name.startswith("queue:")}
    return {name[6:] for name, row in queues.items() if "retired" in wanted[name] and "retired" not in row}


def _timed_queues(structure: Structure) -> set[str]:
    """The queues that have opening hours."""
    return {name[6:] for name, row in structure.items() if name.startswith("queue:") and row.get("calendar")}


async def _stage_and_flip(store: StoreClient, workspace: str, document: Document, asked: Asked) -> tuple[int, bool]:
    """Write the structure beside the one in force and flip to it, unless nothing differs: the version, and whether it
    is new. Raises Refused.
    """
    present = await read_present(store, workspace)
    if is_unchanged(document, present):
        return present.version, False
    wanted = _merged(document, present)
    previous = present.version if asked.previous is None else asked.previous
    with reaching():
        version = await _stage(store, workspace, document, wanted)
    try:
        answer = await store.run(
            "flip_config", workspace, asked.actor, command_id=asked.command_id, now=asked.now,
            version=version, previous=previous, digest=documents.digest(document),
            changed=",".join(sorted(rebuilt_queues(document, present))),
            timed=",".join(sorted(_timed_queues(wanted) | _timed_queues(present.structure))),
            reordered=",".join(sorted(_reordered_queues(wanted, present.structure))),
            patient=",".join(sorted(_patient_queues(wanted, present.structure))),
            regroups=int(wanted.get("by_skill") != present.structure.get("by_skill")),
            removed=",".join(sorted(_removed_queues(wanted, present.structure))), **_settings(document.workspace),
        )  # fmt: skip
    except Refused:
        await _discard(store, workspace, version, wanted)
        raise
    flipped = _flipped.decode(answer.body).config
    if flipped != version:  # the same command again: it is answered with what it did first
        await _discard(store, workspace, version, wanted)
    return flipped, True


async def apply(
    store: StoreClient,
    workspace: str,
    document: Document,
    *,
    actor: Actor = ADMIN,
    command_id: str = "",
    previous: int | None = None,
    now: int | None = None,
) -> Applied:
    """Make the document the workspace's structure, and its agents what it says of them; the workspace is created when
    it is new.

    Safe to run twice, and with the same command id even when another document came in between. Agents and fields of
    agents that the document does not name stay as they are. `previous` names the version that it changes. Raises
    Invalid: an agent does not fit what it is already; or Refused: another apply came in between. Then nothing changed.
    """
    is_new = await config_version(store, workspace) == 0
    people = {} if is_new else await roster.read_people(store, workspace, actor)
    rows = rows_of(document)
    if faults := list(misfits(rows, people, document)):
        raise Invalid.of(faults)
    if is_new:
        await store.run("create_workspace", workspace, ADMIN, now=now, **_settings(document.workspace))
    with reaching():
        await store.redis.sadd(REGISTRY, workspace)
    await calendars.renew(store, workspace, _hours(document), round(time.time() * 1000) if now is None else now)
    asked = Asked(actor, command_id or secrets.token_urlsafe(12), previous, now)
    version, is_changed = await _stage_and_flip(store, workspace, document, asked)
    steps = roster.plan(rows.values(), people)
    outcomes = await roster.carry_out(store, workspace, steps, actor=actor, now=now)
    refused = tuple(outcome for outcome in outcomes if outcome.done == "refused")
    return Applied(version, is_changed, len(rows), refused, tuple(warnings_of(document, people)))


async def share_presence(store: StoreClient, node: str, now: float, within_s: float) -> list[str]:
    """Say that this node lives, forget the nodes silent for a minute, and name those seen within so many seconds."""
    pipeline = store.redis.pipeline(transaction=False)
    pipeline.zadd(NODES, {node: now})
    pipeline.zremrangebyscore(NODES, "-inf", now - 60)
    pipeline.zrangebyscore(NODES, now - within_s, "+inf")
    with reaching():
        return [name.decode() for name in (await pipeline.execute())[2]]


def read_next(answer: Answer) -> int:
    """Milliseconds until the next timer, as `advance` told: 0 now, -1 none."""
    return msgspec.json.decode(answer.body, type=_Advanced).next_ms


class _Flipped(Struct):
    config: int


_flipped = msgspec.json.Decoder(_Flipped)


class _Advanced(Struct):
    next_ms: int
    fired: int
