"""`casebaton why`: why a case is where it is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from casebaton.auth import Identity
from casebaton.cli.common import open_store, read_settings, run, store_options
from casebaton.service import why as service
from casebaton.settings import Settings

CAUSES = {
    "stopped": "the queue was paused or closed",
    "offered": "it rang",
    "named": "it waited for one agent alone",
    "no_agent": "nobody was there who may have it",
    "cooling": "whoever had room was kept from it, having had it before or another case at its time",
    "busy": "all were busy",
    "engine": "it was being matched",
    "untaken": "nobody took it",
}
RULES = {"named": "for this agent alone", "reserved": "since the agent was kept free for it"}
SENTENCES = {
    "status": "not online",
    "next_status": "takes nothing new before its next status",
    "presence": "not connected",
    "open_offer": "has an offer open",
    "waking": "gets a case back that has woken",
    "channel": "does not take this channel now",
    "room": "has no room",
    "limit": "has as many cases of this channel as it may have",
    "reserved": "is kept free for a heavier case",
    "tier": "in a tier that is not open yet",
    "skills": "lacks a required skill",
    "cooling": "declined, missed or returned it",
    "window": "has another case at that time",
}


async def _explain(settings: Settings, workspace: str, case: str) -> service.Why:
    identity = Identity(workspace, "supervisor", "casebaton-why", expires_at=0)
    async with open_store(settings) as store:
        return await service.explain(store, identity, case)


def _clock(at_ms: int, now_ms: int) -> str:
    """The time of day, with the day when that is not today's."""
    at, now = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (at_ms, now_ms))
    return f"{at:%H:%M:%S} UTC" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _show_time(waited: dict[str, int]) -> str:
    return (
        ", ".join(f"{CAUSES.get(cause, cause)} {ms / 1000:.1f} s" for cause, ms in waited.items()) or "no time at all"
    )


def _show_decision(decision: service.Decision) -> str:
    if decision.rule is None:
        return f"by {decision.actor}"
    others = [agent for agent in decision.considered if agent != decision.agent]
    return RULES.get(decision.rule, f"by {decision.rule}") + "".join(
        [
            f", before {', '.join(others)}" if others else "",
            f", passed over {', '.join(decision.passed)}" if decision.passed else "",
            f", configuration {decision.config}",
        ]
    )


def _show_agent(agent: service.Candidate, case: dict[str, Any], at_ms: int) -> str:
    if agent.agent == case.get("agent"):
        return "it rings there" if case["state"] == "offered" else "has it"
    free = "could have it" if case["state"] == "waiting" else "could be given it"
    says = SENTENCES.get(agent.fails or "", agent.fails or free)
    says += "" if agent.until_ms is None else f", until {_clock(agent.until_ms, at_ms)}"
    return says + ("" if agent.reserved_case is None else f", {agent.reserved_case}")


def _show(case: str, why: service.Why) -> None:
    click.echo(f"{case}: {why.reason}")
    if why.place is not None:
        estimate = "" if why.estimated_wait_ms is None else f", about {why.estimated_wait_ms / 1000:.0f} s at this pace"
        click.echo(f"  place {why.place} of {why.waiting}{estimate}")
    if why.next_change is not None:
        click.echo(f"  next: {why.next_change.what} at {_clock(why.next_change.at_ms, why.at_ms)}")
    if why.waited is not None:
        click.echo(f"  so far: {_show_time(why.waited)}")
    if why.reserved_agent is not None:
        click.echo(f"  {why.reserved_agent} is kept free for it")
    found = msgspec.json.decode(why.case)
    for agent in why.agents:
        click.echo(f"  {agent.agent}: {_show_agent(agent, found, why.at_ms)}")
    if hidden := sum(why.counts.values()) - len(why.agents):
        click.echo(f"  and {hidden} more: {why.counts}")
    for decision in why.decisions:
        at = _clock(decision.at_ms, why.at_ms)
        click.echo(f"  {at} {decision.event} {decision.agent}: {_show_decision(decision)}")
    for stay in why.stays:
        click.echo(f"  waited until {_clock(stay.until_ms, why.at_ms)}, {stay.ended_by}: {_show_time(stay.waited)}")


@click.command()
@click.argument("case")
@click.option("--workspace", required=True, help="The case's workspace.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line.")
@store_options
def why(case: str, workspace: str, as_json: bool, config_file: Path | None, **flags: Any) -> None:
    """Tell why CASE is where it is: what keeps each agent from it, and what changes next."""
    found = run(_explain(read_settings(config_file, **flags), workspace, case))
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        _show(case, found)
