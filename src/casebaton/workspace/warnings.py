"""What is allowed and yet can never route: said at every apply, refused never."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from casebaton.errors import Finding
from casebaton.workspace import hours, statuses
from casebaton.workspace.document import Document
from casebaton.workspace.faults import step
from casebaton.workspace.roster import Person, person_after, rows_of

_NOBODY = {
    "push": "nobody is in it: its cases are offered to nobody",
    "pull": "nobody is in it: its cases are taken by nobody",
    "both": "nobody is in it: its cases are neither offered nor taken",
}


def warnings_of(document: Document, people: Mapping[str, Person]) -> Iterator[Finding]:
    """What can never route once the document is applied to these people."""
    named = {place: person_after(row, people.get(row.agent)) for place, row in rows_of(document).items()}
    yield from of_structure(document, {**people, **{person.agent: person for person in named.values()}})
    yield from of_people(named, document)


def of_structure(document: Document, people: Mapping[str, Person]) -> Iterator[Finding]:
    """Queues and channels whose cases nobody could ever get, with these people; statuses that take nothing; hours that
    are none.
    """
    yield from statuses.warnings(document.statuses)
    yield from hours.warnings(document.hours)
    members: defaultdict[str, list[Person]] = defaultdict(list)
    by_skills = {name: queue for name, queue in document.queues.items() if queue.member_skills}
    for person in people.values():
        joined = (name for name, queue in by_skills.items() if _can(person, queue.member_skills))
        for name in {*person.queues, *joined}:
            members[name].append(person)
    for name, queue in document.queues.items():
        if not members[name]:
            yield Finding(step("$.queues", name), _NOBODY[queue.mode])
        elif not any(_can(person, queue.skills) for person in members[name]):
            yield Finding(f"{step('$.queues', name)}.skills", "nobody who is in it has them all at their levels")
    primary = max((person.capacity for person in people.values()), default=0)
    interruptible = max((person.interruptible_capacity for person in people.values()), default=0)
    for name, channel in document.channels.items():
        units = primary if channel.pool == "primary" else interruptible
        if people and units < channel.cost:
            most = f"no agent has more than {units} {channel.pool} units"
            yield Finding(f"{step('$.channels', name)}.cost", f"{channel.cost}: {most}")


def _can(person: Person, levels: Mapping[str, int]) -> bool:
    """On some day; whether it is today is not asked."""
    return all(person.skills.get(name, 0) >= level for name, level in levels.items())


def of_people(named: Mapping[str, Person], document: Document) -> Iterator[Finding]:
    """Agents who get no work in that structure, by the places that name them."""
    by_skills = [queue for queue in document.queues.values() if queue.member_skills]
    for place, person in named.items():
        if not person.capacity:
            yield Finding(f"{place}.capacity", "0: the agent gets no work")
        if not person.queues and not any(_can(person, queue.member_skills) for queue in by_skills):
            yield Finding(f"{place}.queues", "in no queue: the agent gets no work")
