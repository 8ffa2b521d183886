"""A history whose rows a test makes by hand, and questions to it."""

import json
from collections import defaultdict
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Table, insert

from casebaton.history import schema
from casebaton.history.buckets import bucket_of
from casebaton.reports.asked import Within
from casebaton.reports.question import DIMENSIONS, Question, read_question

BERLIN = "Europe/Berlin"
NOTHING: dict[str, Any] = {"queue": "billing", "channel": "case", "priority": 5, "skills": "", "team": ""}
WORK = {name: value for name, value in NOTHING.items() if name in schema.durations.c}
SAID = ("measure", "within_s", "goal", "at_once", "idle_s")
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


def at(text: str, zone: str = BERLIN) -> int:
    """The instant at which clocks show this."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


NOW_MS = at("2026-11-26T11:00")


def quarter(text: str) -> int:
    """The quarter hour in which clocks show this."""
    return at(text) // schema.QUARTER_MS * schema.QUARTER_MS


class Kept:
    """The rows of one workspace."""

    def __init__(self, engine: Engine, workspace: str) -> None:
        self.engine = engine
        self.workspace = workspace
        self._seq = 0
        self._samples: defaultdict[tuple[str, tuple[tuple[str, Any], ...]], list[int]] = defaultdict(lambda: [0, 0])

    def add(self, table: Table, *rows: dict[str, Any], **common: Any) -> None:
        """Put rows into a table; a number of the log is given to those that need one."""
        made = []
        for row in rows or ({},):
            known = {name: value for name, value in NOTHING.items() if name in table.c and name not in row}
            whole = {"workspace": self.workspace, **known, **common, **row}
            if "seq" in table.c and "seq" not in whole:
                self._seq += 1
                whole["seq"] = self._seq
            made.append(whole)
        with self.engine.begin() as connection:
            for _, alike in groupby(made, key=dict.keys):
                connection.execute(insert(table), list(alike))

    def add_event(self, case: str, kind: str, when: str, **fields: Any) -> None:
        """Put an event of a case into the history."""
        body = {"type": kind, "at_ms": at(when), **fields}
        named = {"case_id": case, "type": kind, "queue": fields.get("queue", ""), "position": "0-0"}
        self.add(schema.events, {**named, "at_ms": at(when), "body": json.dumps(body)})

    def add_durations(self, measure: str, when: str | int, *lengths_ms: int, **work: Any) -> None:
        """Count lengths of time into the quarter and the block, at the next reading."""
        at_ms = at(when) if isinstance(when, str) else when
        for length_ms in lengths_ms:
            self._sample(measure, at_ms, length_ms, {**WORK, **work})

    def _sample(self, measure: str, at_ms: int, length_ms: int, work: dict[str, Any]) -> None:
        for table, width_ms in ((schema.durations, schema.QUARTER_MS), (schema.duration_blocks, schema.BLOCK_MS)):
            asked = {name: value for name, value in work.items() if name in table.c}
            key = {"measure": measure, "at_ms": at_ms // width_ms * width_ms, "bucket": bucket_of(length_ms), **asked}
            self._samples[table.name, tuple(key.items())][0] += 1
            self._samples[table.name, tuple(key.items())][1] += length_ms

    def _write_samples(self) -> None:
        rows = defaultdict(list)
        for (name, key), (count, total_ms) in self._samples.items():
            rows[name].append({**dict(key), "count": count, "total_ms": total_ms})
        for name, found in rows.items():
            self.add(schema.metadata.tables[name], *found)
        self._samples.clear()

    def connect(self) -> Connection:
        """A connection to read through."""
        self._write_samples()
        return self.engine.connect()

    def ask(self, **given: str) -> Question:
        """A question as a query asks it: by default of 25 November 2026 in Berlin, on the 26th at eleven."""
        return self.ask_within(None, **given)

    def ask_within(self, within: Within | None, **given: str) -> Question:
        """The same within a scope."""
        query = {"from": "2026-11-25", "until": "2026-11-26"} if not {"period", "begin"} & given.keys() else {}
        query |= {"zone": BERLIN, **{{"begin": "from"}.get(name, name): text for name, text in given.items()}}
        return read_question(
            {name: [text] for name, text in query.items()},
            workspace=self.workspace,
            now_ms=NOW_MS,
            by=DIMENSIONS,
            more=SAID,
            within=within,
        )
