"""Use cases of the roster: who works here, and rows that make it so."""

import msgspec
from msgspec import Struct

from casebaton.auth import Identity
from casebaton.errors import Finding, Invalid
from casebaton.service import access
from casebaton.store import log, roster, versions
from casebaton.store.client import Answer, StoreClient
from casebaton.store.roster import Outcome
from casebaton.store.turns import in_thread
from casebaton.wire import messages as m
from casebaton.workspace.roster import Form, Person, as_row, misfits, parse, person_after
from casebaton.workspace.warnings import of_people

Command = m.ReadRoster | m.PutRoster


class Made(Struct, frozen=True):
    """A result for each row, in order, then for each agent that was removed; and who gets no work now."""

    results: list[Outcome]
    warnings: list[Finding]

    @property
    def is_whole(self) -> bool:
        """Was nothing refused?"""
        return all(outcome.done != "refused" for outcome in self.results)


async def read(store: StoreClient, identity: Identity) -> list[Person]:
    """Everybody, by id. Raises Forbidden or Refused."""
    access.require(identity, access.SUPERVISING, "read the roster")
    people = await roster.read_people(store, identity.workspace, identity.actor)
    return [people[name] for name in sorted(people)]


async def put(
    store: StoreClient, identity: Identity, text: bytes, form: Form, *, remove_missing: bool, is_dry: bool
) -> Made:
    """Create and change the agents that the rows name; with `remove_missing` remove those that they do not.

    All rows are checked before the first is carried out. Safe to send again: what is so already stays. Raises
    Forbidden, Invalid, NOT_JSON or Refused.
    """
    access.require(identity, access.CONFIGURING, "change the roster")
    workspace, rows = identity.workspace, await in_thread(store, parse, text, form)
    people = await roster.read_people(store, workspace, identity.actor)
    _, document = await versions.read_version(store, workspace)
    if faults := list(misfits(rows, people, document)):
        raise Invalid.of(faults)
    steps = roster.plan(rows.values(), people, remove_missing=remove_missing)
    if is_dry:
        results = [Outcome(step.agent, step.done) for step in steps]
    else:
        results = await roster.carry_out(store, workspace, steps, actor=identity.actor)
    after = {place: person_after(row, people.get(row.agent)) for place, row in rows.items()}
    return Made(results, list(of_people(after, document)))


async def execute(store: StoreClient, identity: Identity, command: Command) -> Answer:
    """The same as commands. The answer's position is where the log stood afterwards."""
    if isinstance(command, m.ReadRoster):
        body = msgspec.json.encode({"items": [as_row(person) for person in await read(store, identity)]})
    else:
        rows, remove_missing, is_dry = bytes(command.rows), command.remove_missing, command.dry_run
        made = await put(store, identity, rows, "json", remove_missing=remove_missing, is_dry=is_dry)
        body = msgspec.json.encode(made)
    position, _ = await log.last_position(store.redis, identity.workspace)
    return Answer(position, body)
