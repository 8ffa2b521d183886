"""Small traces in the format of the real one."""

from collections.abc import Iterable

HEADER = (
    "number,incident_state,sys_mod_count,opened_at,sys_updated_at,priority,"
    "assignment_group,assigned_to,caller_id,category,subcategory"
)


def row(number: str, state: str, order: int, at: str, group: str, assignee: str = "?", opened: str = "08:00") -> str:
    """One line; times are hours and minutes of one day."""
    when = f"29-02-2016 {opened},29-02-2016 {at}"
    return f"{number},{state},{order},{when},3 - Moderate,{group},{assignee},Caller 1,Category 5,Subcategory 7"


def trace(rows: Iterable[str]) -> list[str]:
    """A whole trace."""
    return [HEADER, *rows]


# Two cases: one moves from a group to another and waits for its user; one has no group and is resolved at once.
SAMPLE = trace(
    [
        row("INC1", "New", 0, "08:00", "Group 1", "Resolver 1"),
        row("INC1", "Active", 1, "08:10", "Group 2", "Resolver 2"),
        row("INC1", "Awaiting User Info", 2, "08:30", "Group 2", "Resolver 2"),
        row("INC1", "Awaiting User Info", 3, "08:40", "Group 2", "Resolver 3"),
        row("INC1", "Resolved", 4, "09:00", "Group 2", "Resolver 2"),
        row("INC1", "Closed", 5, "12:00", "Group 2", "Resolver 2"),
        row("INC2", "Resolved", 0, "10:00", "?", opened="10:00"),
        row("INC2", "Closed", 1, "11:00", "?", opened="10:00"),
    ]
)
