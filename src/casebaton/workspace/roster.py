"""The roster: who works in a workspace. Rows come as JSON or CSV, are checked as a whole, and leave alone what they do
not name.
"""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, get_origin

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import fields

from casebaton.errors import Finding, Invalid
from casebaton.wire.words import Id
from casebaton.workspace.document import CAPACITY, INTERRUPTIBLE_CAPACITY, Agent, Document, Known, agent_faults
from casebaton.workspace.faults import bare, faults_of, shown, step
from casebaton.workspace.names import from_cell, to_cell
from casebaton.workspace.reading import read_json
from casebaton.workspace.routing import Dates

Form = Literal["json", "csv"]
NONE = "-"  # in a cell: an empty one leaves the queues, skills … as they are


class Row(Agent, kw_only=True):
    """An agent and what shall be so of it."""

    agent: Id


class Span(Struct, frozen=True):
    """Since and until which instant a skill counts; 0: open."""

    since_ms: int = 0
    until_ms: int = 0


class Person(Struct, frozen=True, kw_only=True):
    """An agent as it is, as far as a roster tells."""

    agent: str
    name: str
    team: str
    capacity: int
    interruptible_capacity: int
    queues: list[str]
    skills: dict[str, int] = {}
    skill_dates: dict[str, Span] = {}
    tiers: dict[str, int] = {}
    auto_accept: bool = False
    limits: dict[str, int] = {}
    ring_factor: int = 1


COLUMNS = {field.name: bare(field.type) for field in sorted(fields(Row), key=lambda field: field.name != "agent")}


def parse(body: bytes, form: Form) -> dict[str, Row]:
    """Read rows, each by its place in the text. Raises Invalid with every fault and its place, or NOT_JSON."""
    places, raw = _read_csv(body) if form == "csv" else _read_json(body)
    try:
        rows = dict(zip(places, msgspec.convert(raw, list[Row]), strict=True))
    except msgspec.ValidationError as error:
        faults = (fault for place, row in zip(places, raw, strict=True) for fault in faults_of(row, Row, place))
        raise Invalid.of(map(_of_cell, faults) if form == "csv" else faults) from error
    first: dict[str, str] = {}
    twice = []
    for place, row in rows.items():
        if first.setdefault(row.agent, place) != place:
            twice.append(Finding(f"{place}.agent", f"{row.agent} is named before, in {first[row.agent]}"))
    if twice:
        raise Invalid.of(twice)
    return rows


def _read_json(body: bytes) -> tuple[list[str], list[Any]]:
    raw = read_json(body)
    if not isinstance(raw, list):
        raise Invalid("$: expected a list of agents")
    return [f"$[{i}]" for i in range(len(raw))], raw


def _read_csv(body: bytes) -> tuple[list[str], list[dict[str, Any]]]:
    try:
        lines = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        columns = lines.fieldnames or []
        if any(True for _ in _column_faults(columns)):
            raise Invalid.of(_column_faults(columns))
        places, rows, faults = [], [], []
        for row in lines:
            places.append(f"line {lines.line_num}")
            if None in row:
                faults.append(Finding(places[-1], f"more cells than the {len(columns)} columns"))
            rows.append({name: _value(name, cell) for name, cell in row.items() if name in COLUMNS and cell})
    except (csv.Error, UnicodeDecodeError) as error:
        raise Invalid(f"not CSV: {error}") from error
    if faults:
        raise Invalid.of(faults)
    return places, rows


def _column_faults(columns: Sequence[str]) -> Iterator[Finding]:
    """What is wrong with the first line. Lines are not read under a thousand columns: each has a cell of each."""
    times = Counter(columns)
    for name in times:
        if name not in COLUMNS:
            yield Finding("line 1", f"unknown column {shown(name)}: there are {', '.join(COLUMNS)}")
    for name in sorted(COLUMNS.keys() & times.keys()):
        if times[name] > 1:
            yield Finding("line 1", f"column {name} is there twice")
    if "agent" not in times:
        parted = ": cells are parted by commas, not by semicolons" if any(";" in name for name in times) else ""
        yield Finding("line 1", f"there is no column agent{parted}")


def _value(column: str, cell: str) -> Any:
    kind, words = get_origin(COLUMNS[column]), [] if cell.strip() == NONE else cell.split()
    if kind is list:
        return words
    if kind is dict:
        pairs = [word.partition("=") for word in words]
        is_dates = column == "skill_dates"
        return {name: _dates(value) if is_dates else _number(value) for name, _, value in pairs}
    if COLUMNS[column] is bool:
        return {"yes": True, "no": False}.get(cell.strip().lower(), cell)
    return _number(cell) if COLUMNS[column] is int else from_cell(cell)


def _of_cell(fault: Finding) -> Finding:
    """The fault in the words of a table, where a truth is yes or no."""
    return Finding(fault.path, fault.says.replace("Expected `bool`, got `str`", "Expected yes or no"))


def _number(text: str) -> Any:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else text


def _dates(text: str) -> dict[str, str]:
    since, _, until = text.partition("~")
    return {name: day for name, day in (("since", since), ("until", until)) if day}


def as_row(person: Person) -> Row:
    """The agent as `parse` reads it again."""
    found = msgspec.structs.asdict(person)
    found["team"] = person.team or UNSET
    found["skill_dates"] = {
        name: Dates(since=_day(span.since_ms), until=_day(span.until_ms)) for name, span in person.skill_dates.items()
    }
    return Row(**found)


def _day(at_ms: int) -> date | None:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date() if at_ms else None


def to_csv(people: Iterable[Person]) -> str:
    """The roster as `parse` reads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for person in people:
        row = as_row(person)
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is UNSET:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        value = [f"{name}={_span(one) if isinstance(one, Dates) else one}" for name, one in sorted(value.items())]
    if isinstance(value, list):
        return " ".join(value) or NONE
    return to_cell(value) if isinstance(value, str) else value


def _span(dates: Dates) -> str:
    return f"{dates.since or ''}~{dates.until or ''}"


def rows_of(document: Document) -> dict[str, Row]:
    """The agents of a document as rows, by their paths."""
    return {
        step("$.agents", name): Row(agent=name, **msgspec.structs.asdict(agent))
        for name, agent in document.agents.items()
    }


def changes(row: Row, person: Person | None) -> dict[str, Any]:
    """The fields that a row names and that are not so yet: all that it names when there is no such agent."""
    named = {name: getattr(row, name) for name in Row.__struct_fields__ if name != "agent"}
    if row.queues is not UNSET:
        named["queues"] = sorted(set(row.queues))
    if row.skills is not UNSET:
        named["skill_dates"] = {name: Span(*days) for name, days in row.dates_ms().items() if any(days)}
    if row.tiers is not UNSET:
        named["tiers"] = {name: tier for name, tier in row.tiers.items() if tier}
    found = {
        name: value
        for name, value in named.items()
        if value is not UNSET and (person is None or value != getattr(person, name))
    }
    if found.keys() & {"skills", "skill_dates"}:  # one field of the engine
        found |= {name: named[name] for name in ("skills", "skill_dates")}
    return found


def person_after(row: Row, person: Person | None) -> Person:
    """The agent as the row will leave it."""
    if person is None:
        room = INTERRUPTIBLE_CAPACITY if row.capacity is UNSET else min(INTERRUPTIBLE_CAPACITY, row.capacity)
        person = Person(
            agent=row.agent, name=row.agent, team="", capacity=CAPACITY, interruptible_capacity=room, queues=[]
        )
    return msgspec.structs.replace(person, **changes(row, person))


_NOBODY = Person(agent="", name="", team="", capacity=0, interruptible_capacity=0, queues=[])


def _with(names: frozenset[str], more: Collection[str]) -> frozenset[str]:
    """A set of its own only for who has what is no longer there: of thousands of queues not one for each agent."""
    return names if names.issuperset(more) else names.union(more)


def misfits(rows: Mapping[str, Row], people: Mapping[str, Person], document: Document) -> Iterator[Finding]:
    """What does not fit the structure, or what the agents are already."""
    queues, skills, channels = map(frozenset, (document.queues, document.skills, document.channels))
    for place, row in rows.items():
        person = people.get(row.agent)
        had = person or _NOBODY
        known = Known(
            queues=_with(queues, [*had.queues, *had.tiers]),
            skills=_with(skills, had.skills),
            channels=_with(channels, had.limits),
            texts={had.name, had.team},
        )
        yield from agent_faults(row, known, place)
        if row.capacity is not UNSET and row.interruptible_capacity is not UNSET:
            continue
        after = person_after(row, person)
        if after.interruptible_capacity > after.capacity:
            limits = f"interruptible capacity {after.interruptible_capacity} would be above capacity {after.capacity}"
            yield Finding(place, limits)
