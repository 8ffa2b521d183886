"""What the engine reads of a configuration: a document as hashes of texts."""

from typing import Any

import msgspec

from casebaton.store import skills
from casebaton.store.figures import Levels
from casebaton.workspace import document as documents
from casebaton.workspace import hours
from casebaton.workspace.document import Document, Queue, Settings
from casebaton.workspace.effects import Effect, Target
from casebaton.workspace.routing import Plan

SERVICE_LEVEL_S = 20.0  # of a queue that names none, and whose target has none

Structure = dict[str, dict[str, str]]
"""The hashes that the engine reads, by the tail of their keys."""


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def settings_of(settings: Settings) -> dict[str, Any]:
    """The workspace's own settings."""
    return {
        "offer_limit": settings.offer_limit,
        "retention_ms": _ms(settings.retention_s),
        "grace_ms": _ms(settings.grace_s),
        "gone_ms": _ms(settings.gone_s),
        "reopen_ms": _ms(settings.reopen_s),
    }


def structure_of(document: Document) -> Structure:
    """All of a document but its agents."""
    found: dict[str, dict[str, int | str]] = {"workspace": dict(settings_of(document.workspace))} | _watched(document)
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
    for name, says in hours_of(document).items():
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


def hours_of(document: Document) -> dict[str, hours.Hours]:
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
