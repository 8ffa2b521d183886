"""What another configuration changes: what must stay of the one in force, and which queues the engine works over."""

from casebaton.store.structure import Structure, structure_of
from casebaton.workspace.document import Document


def merged(document: Document, structure: Structure) -> Structure:
    """The document's structure, and what it no longer names but live cases may still be of: a channel as it was, a
    queue retired (nothing new comes in; what its agents hold can still be returned and goes on being offered), a plan,
    a status for the agents who have it.
    """
    wanted = structure_of(document)
    for name, row in structure.items():
        if name not in wanted and ":" in name:
            wanted[name] = row | {"retired": "1"} if name.startswith(("queue:", "status:")) else row
    queues = {name[6:]: row for name, row in wanted.items() if name.startswith("queue:")}
    if by_skill := {name: row["member_skills"] for name, row in queues.items() if row.get("member_skills")}:
        wanted["by_skill"] = by_skill
    in_use = {f"hours:{row['calendar']}" for row in queues.values() if row.get("calendar")}
    return {name: row for name, row in wanted.items() if not name.startswith("hours:") or name in in_use}


def rebuilt_queues(wanted: Structure, structure: Structure) -> set[str]:
    """The queues whose classes an apply builds anew."""
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


def reordered_queues(wanted: Structure, structure: Structure) -> set[str]:
    """The queues whose cases would stand in another order."""
    queues = {name: row for name, row in structure.items() if name.startswith("queue:")}
    return {name[6:] for name, row in queues.items() if _differs(wanted[name], row, "order", "credit_ms")}


def patient_queues(wanted: Structure, structure: Structure) -> set[str]:
    """The queues in which cases wait for another time until an agent is kept free: all, when a channel says so."""
    channels = {name: row for name, row in structure.items() if name.startswith("channel:")}
    if not any(_differs(wanted[name], row, "reserve_after_ms") for name, row in channels.items()):
        return set()
    return {name[6:] for name in structure if name.startswith("queue:")}


def removed_queues(wanted: Structure, structure: Structure) -> set[str]:
    """The queues that retire."""
    queues = {name: row for name, row in structure.items() if name.startswith("queue:")}
    return {name[6:] for name, row in queues.items() if "retired" in wanted[name] and "retired" not in row}


def timed_queues(structure: Structure) -> set[str]:
    """The queues that have opening hours."""
    return {name[6:] for name, row in structure.items() if name.startswith("queue:") and row.get("calendar")}
