"""Names in a question that the history has never heard: a slip of the pen looks like a quiet period otherwise."""

from sqlalchemy import Connection, or_, select

from casebaton.history.schema import live, statuses
from casebaton.reports.question import Question


def unknown(connection: Connection, question: Question) -> list[str]:
    """A sentence for each queue and agent asked for that the history does not know.

    Queues stay among the live ones for good; an agent who was removed has statuses that ended. Within a scope nothing
    is said: whether there is such a queue or agent outside it is not told.
    """
    queues, agents = question.only.get("queue", ()), question.only.get("agent", ())
    if question.within is not None or not (queues or agents):
        return []
    sought = or_(
        (live.c.kind == "queue") & live.c.name.in_(queues),
        (live.c.kind == "agent") & live.c.name.in_(agents),
    )
    query = select(live.c.kind, live.c.name).where(live.c.workspace == question.workspace, sought)
    known = {(kind, name) for kind, name in connection.execute(query)}
    if gone := [agent for agent in agents if ("agent", agent) not in known]:
        removed = select(statuses.c.agent).where(statuses.c.workspace == question.workspace, statuses.c.agent.in_(gone))
        known |= {("agent", agent) for agent in connection.scalars(removed.distinct())}
    asked = [("queue", name) for name in queues] + [("agent", name) for name in agents]
    return [f"The history knows no {kind} {name}." for kind, name in asked if (kind, name) not in known]
