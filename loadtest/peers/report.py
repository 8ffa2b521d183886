"""What a run of peers says: one JSON object, a table for people."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from loadtest import report
from loadtest.peers.ratios import Found, Missing, Ratio

Outcome = Found | Missing


def is_met(outcomes: Mapping[str, Outcome]) -> bool:
    """Is every ratio that was measured at least what it should be?"""
    found = [outcome for outcome in outcomes.values() if isinstance(outcome, Found)]
    return all(ratio.is_met for each in found for ratio in each.ratios.values())


def _plain(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Missing):
        return {"skipped": str(outcome)}
    plain: dict[str, Any] = msgspec.to_builtins(outcome)
    return plain


def line(outcomes: Mapping[str, Outcome]) -> str:
    """The JSON object, on one line."""
    peers = {name: _plain(outcome) for name, outcome in outcomes.items()}
    found = {"peers": peers, "met": is_met(outcomes), "versions": report.versions()}
    return json.dumps(found, separators=(",", ":"))


def table(outcomes: Mapping[str, Outcome]) -> str:
    """The same in Markdown."""
    rows = ["| peer | ratio | median | spread | at least | |", "| --- | --- | --- | --- | --- | --- |"]
    for name, outcome in outcomes.items():
        if isinstance(outcome, Missing):
            rows.append(f"| {name} | skipped: {outcome} | | | | |")
        else:
            rows += [_row(name, what, ratio) for what, ratio in outcome.ratios.items()]
    return "\n".join(rows)


def _row(name: str, what: str, ratio: Ratio) -> str:
    least = "" if ratio.least is None else f"{ratio.least:g}"
    verdict = "" if ratio.least is None else "met" if ratio.is_met else "missed"
    return f"| {name} | `{what}` | {ratio.median:.2f} | {ratio.low:.2f} to {ratio.high:.2f} | {least} | {verdict} |"
