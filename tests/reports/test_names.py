"""A name that the history has never heard is said to be that."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from casebaton.history.schema import live, statuses
from casebaton.reports.asked import Within
from casebaton.reports.catalogue import ask
from casebaton.reports.names import unknown
from tests.reports.world import NOW_MS, Kept, at


@pytest.fixture
def kept(tables: Engine, tmp_path: Path) -> Kept:
    """A history that knows the queue billing, the agent ana, and bo, who was removed."""
    kept = Kept(tables, tmp_path.name)
    for kind, name in (("queue", "billing"), ("agent", "ana")):
        kept.add(live, {"kind": kind, "name": name, "record": b""})
    moments = {"began_at_ms": at("2026-11-24T09:00"), "ended_at_ms": at("2026-11-24T10:00")}
    kept.add(statuses, {"agent": "bo", "label": "online", "status": "online", **moments})
    return kept


def _unknown(kept: Kept, within: Within | None = None, **given: str) -> list[str]:
    with kept.connect() as connection:
        return unknown(connection, kept.ask_within(within, **given))


def test_who_is_or_was_there_is_known(kept: Kept) -> None:
    assert _unknown(kept) == []
    assert _unknown(kept, queue="billing", agent="ana,bo") == []


def test_of_several_names_those_that_are_not_known_are_said(kept: Kept) -> None:
    assert _unknown(kept, queue="billing,nope", agent="ana,billing") == [
        "The history knows no queue nope.",
        "The history knows no agent billing.",
    ]


def test_within_a_scope_nothing_is_told_of_what_may_be_outside(kept: Kept) -> None:
    assert _unknown(kept, Within(queues=("support",), teams=()), queue="nope") == []


def test_a_report_says_so_beside_its_rows(kept: Kept) -> None:
    found = ask(kept.engine, "queues", {"queue": ["nope"]}, workspace=kept.workspace, now_ms=NOW_MS)
    assert found.notes == ("The history knows no queue nope.",)
