"""The history's tables. `migrations/` makes them and changes them; nothing else does.

Instants are engine time in Unix milliseconds (`…_at_ms`), lengths of time milliseconds (`…_ms`). A text that does not
apply is empty, a number that does not apply NULL. Times of day are not stored: reports cut days by the zone they are
asked for, and every zone's midnight is on a quarter hour.

Three kinds of tables. What was told: `events`. What it amounts to, one row for each thing that has ended (a stay in a
line, an offer, an ownership, a stage, a status, a visit), and `live` for what has not. And quarter hours, to which what
happens is added up: reports over months read only these.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

QUARTER_MS = 900_000
BLOCK_MS = 12 * QUARTER_MS

metadata = MetaData()


def _id(name: str, *, is_key: bool = False) -> Column[str]:
    """A name, an id or a code. PostgreSQL knows no zero byte, and the wire lets none in."""
    return Column(name, String(200), primary_key=is_key, nullable=False, server_default=None if is_key else "")


def _skills(*, is_key: bool = False) -> Column[str]:
    """Names of skills; a list of them may be longer than a name."""
    return Column("skills", Text, primary_key=is_key, nullable=False, server_default=None if is_key else "")


def _ms(name: str, *, is_key: bool = False) -> Column[int]:
    """An instant or a length of time that is always known."""
    return Column(name, BigInteger, primary_key=is_key, nullable=False, autoincrement=False)


def _visit(*, is_key: bool = False) -> Column[int]:
    """Which visit of its case: the number of the event that began it, or the first of it that the history knows."""
    return _ms("visit", is_key=is_key)


def _count(name: str) -> Column[int]:
    """A number, or a sum of milliseconds."""
    return Column(name, BigInteger, nullable=False, server_default="0")


# -- what was told --------------------------------------------------------------------------------------------------

events = Table(
    "events",
    metadata,
    _id("workspace", is_key=True),
    _ms("seq", is_key=True),  # the log's own number
    Column("position", String(41), nullable=False),
    _ms("at_ms"),
    _id("type"),
    _id("case_id"),
    _id("agent"),
    _id("queue"),
    Column("body", Text, nullable=False),  # the event as JSON; of an erased customer without card and note
    Index("events_of_case", "workspace", "case_id", "seq"),
    Index("events_at", "workspace", "at_ms"),
)

# -- what it amounts to ---------------------------------------------------------------------------------------------


# What a case asked when a visit or a stay began: the dimensions of reports about queues. `skills` are the names of the
# required ones in order, with commas between and around (`,french,german,`), so that one can be looked for: at most 16
# for a case, and as many for each of its queue and the rules. A priority of -1 is not known, nor are channel and skills
# then: it began before the history did.
def _work() -> tuple[Column[Any], ...]:
    return (_id("queue"), _id("channel"), Column("priority", Integer, nullable=False), _skills())


# One visit of a case, from its coming (submitted, or reopened) to its end.
visits = Table(
    "visits",
    metadata,
    _id("workspace", is_key=True),
    _id("case_id", is_key=True),
    _visit(is_key=True),
    _id("began_how"),  # queued, reopened
    *_work(),
    Column("customer", String(200), nullable=False, server_default=""),
    _id("customer_key"),  # a digest of the customer, by which it is erased
    Column("subject", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    _ms("created_at_ms"),
    _ms("requested_at_ms"),
    _ms("arrived_at_ms"),
    Column("target_ms", BigInteger, nullable=False),  # the queue's service level as it stood at the arrival
    Column("owned_at_ms", BigInteger),  # the first ownership of this visit; NULL: there was none
    _id("owned_by"),
    _id("owned_how"),  # pushed, taken, assigned
    Column(
        "open_wait_ms", BigInteger, nullable=False
    ),  # of the arriving queue's open time, to the first owner or the end
    _ms("ended_at_ms"),
    _id("ended_how"),  # closed, cancelled, abandoned
    _id("disposition"),
    _id("agent"),  # whose it was at the end
    _count("stays"),
    _count("offers"),
    _count("declined"),
    _count("missed"),
    _count("revoked"),
    _count("returned"),
    _count("transferred"),
    _count("active_ms"),
    _count("parked_ms"),
    _count("wrap_up_ms"),
    _count("away_ms"),  # of active and wrap-up, while the owner was offline
    Column("window_from_ms", BigInteger),
    Column("window_until_ms", BigInteger),
    Index("visits_of_customer", "workspace", "customer_key"),
    Index("visits_ended", "workspace", "ended_at_ms"),
    Index("visits_arrived", "workspace", "arrived_at_ms"),
)

# One stay in one line, ringing included, until somebody owns the case, it goes to another queue, or it ends.
stays = Table(
    "stays",
    metadata,
    _id("workspace", is_key=True),
    _ms("seq", is_key=True),  # of the event that ended it
    _id("case_id"),
    _visit(),
    *_work(),
    _ms("began_at_ms"),
    _id("began_how"),  # queued, reopened, returned, transferred, overflowed
    _ms("ended_at_ms"),
    _id("ended_how"),  # owned, transferred, overflowed, abandoned, cancelled, closed
    _id("agent"),  # who owns it then
    Column("is_first", Boolean, nullable=False),  # no owner before it on this visit
    _ms("dwell_ms"),
    Column("waited", Text, nullable=False),  # {"busy": 41200}: where the time went, as the engine counted
    Index("stays_of_case", "workspace", "case_id"),
    Index("stays_ended", "workspace", "ended_at_ms"),
)

# One offer to one agent, a colleague's transfer among them.
offers = Table(
    "offers",
    metadata,
    _id("workspace", is_key=True),
    _ms("seq", is_key=True),  # of the event that ended it
    _id("case_id"),
    _visit(),
    *_work(),
    _id("agent"),
    _id("team"),
    Column("is_transfer", Boolean, nullable=False),
    _ms("offered_at_ms"),
    _ms("answered_at_ms"),
    _id("answer"),  # accepted, declined, expired, revoked
    _id("reason"),
    _ms("response_ms"),
    Index("offers_of_case", "workspace", "case_id"),
    Index("offers_of_agent", "workspace", "agent", "answered_at_ms"),
)

# One stint: a case in one agent's hands.
ownerships = Table(
    "ownerships",
    metadata,
    _id("workspace", is_key=True),
    _ms("seq", is_key=True),  # of the event that ended it
    _id("case_id"),
    _visit(),
    *_work(),
    _id("agent"),
    _id("team"),
    _ms("began_at_ms"),
    _id("began_how"),  # accepted, auto_accepted, taken, assigned, transferred
    _ms("ended_at_ms"),
    _id("ended_how"),  # closed, cancelled, returned, transferred, assigned
    _id("reason"),
    _ms("active_ms"),
    _ms("parked_ms"),
    _ms("wrap_up_ms"),
    _ms("away_ms"),
    Column("is_shared", Boolean, nullable=False),  # its agent owned another active case meanwhile: desk time
    Index("ownerships_of_case", "workspace", "case_id"),
    Index("ownerships_of_agent", "workspace", "agent", "ended_at_ms"),
)

# One stage of an appointment.
stages = Table(
    "stages",
    metadata,
    _id("workspace", is_key=True),
    _ms("seq", is_key=True),  # of the event that ended it
    _id("case_id"),
    _visit(),
    _id("queue"),
    _id("channel"),
    _id("agent"),
    _id("stage"),
    _ms("began_at_ms"),
    _ms("ended_at_ms"),
    _id("next_stage"),  # empty: it went back to a line
    _id("reason"),  # of a `next_stage` cannot_complete
    Index("stages_of_case", "workspace", "case_id"),
    Index("stages_ended", "workspace", "ended_at_ms"),
)

# One status of one agent, from its being chosen until the next.
statuses = Table(
    "statuses",
    metadata,
    _id("workspace", is_key=True),
    _ms("seq", is_key=True),  # of the event that ended it
    _id("agent"),
    _id("team"),
    _id("label"),
    _id("status"),  # the label's kind
    _ms("began_at_ms"),
    _ms("ended_at_ms"),
    Index("statuses_of_agent", "workspace", "agent", "ended_at_ms"),
)

# One span in which a queue was open, or closed, by its hours. A queue without hours has none.
openings = Table(
    "openings",
    metadata,
    _id("workspace", is_key=True),
    _ms("seq", is_key=True),  # of the event that ended it
    _id("queue"),
    Column("is_open", Boolean, nullable=False),
    _ms("began_at_ms"),
    _ms("ended_at_ms"),
    Index("openings_of_queue", "workspace", "queue", "ended_at_ms"),
)

# What has not ended: one row for each live case, agent and queue, and what the writer goes on with (`record`).
#
# Of a case without an owner on this visit it says with which row of `queue_quarters` it is counted (`arrived_…`), and
# from when on it is overdue, by the open time of the queue in which it arrived. A queue's open time is the time it has
# been open for: (now if it is open, else since_ms) - shut_ms.
live = Table(
    "live",
    metadata,
    _id("workspace", is_key=True),
    _id("kind", is_key=True),  # case, agent, queue
    _id("name", is_key=True),
    _id("state"),  # of a case: its own; of an agent: its status; of a queue: open, closed
    *_work(),
    _id("agent"),
    _id("team"),
    Column("customer", String(200), nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Column("requested_at_ms", BigInteger),  # of a case
    Column("since_ms", BigInteger),  # of a case: its present stay or ownership; of an agent: its status
    Column("touched_at_ms", BigInteger),  # its last event
    Column("target_ms", BigInteger),  # of a queue: its service level; of a case: that of its visit
    Column("shut_ms", BigInteger),  # of a queue: for how long it was closed before `since_ms`, from when on it is so
    Column("arrived_at_ms", BigInteger),  # of a case without an owner on this visit, as all the rest
    _id("arrived_queue"),
    Column("arrived_priority", Integer),
    _id("arrived_skills"),
    Column("overdue_open_ms", BigInteger),  # overdue once the open time of `arrived_queue` is above this
    Column("record", LargeBinary, nullable=False),
    Index("live_of_customer", "workspace", "customer"),
)

# -- quarter hours: `at_ms` is the first instant ---------------------------------------------------------------------


def _work_key() -> tuple[Column[Any], ...]:
    return (
        _id("queue", is_key=True),
        _id("channel", is_key=True),
        Column("priority", Integer, primary_key=True, autoincrement=False),
        _skills(is_key=True),
    )


# Queue, channel, priority and skills are the stay's; of what becomes of an arrival (arrived … assigned) the visit's.
queue_quarters = Table(
    "queue_quarters",
    metadata,
    _id("workspace", is_key=True),
    _ms("at_ms", is_key=True),
    *_work_key(),
    # of the visits that began in this quarter, whenever it happened
    _count("arrived"),
    _count("reopened"),  # of these
    _count("owned"),
    _count("in_time"),
    _count("abandoned"),
    _count("short_abandoned"),
    _count("cancelled"),  # before a first owner
    # what happened in this quarter
    _count("stays_begun"),
    _count("stays_again"),  # of these: not the visit's first
    _count("pushed"),
    _count("taken"),
    _count("assigned"),
    _count("offered"),
    _count("accepted"),
    _count("declined"),
    _count("missed"),
    _count("revoked"),
    _count("returned"),
    _count("transferred"),
    _count("overflowed"),
    _count("closed"),
    _count("ended_again"),  # abandoned or cancelled in a line after an owner
    _count("waiting_ms"),  # the time that its cases waited or rang in this quarter, of ended stays
)


def _histogram(name: str, work_key: tuple[Column[Any], ...]) -> Table:
    return Table(
        name,
        metadata,
        _id("workspace", is_key=True),
        _id("measure", is_key=True),
        _ms("at_ms", is_key=True),
        *work_key,
        Column("bucket", Integer, primary_key=True, autoincrement=False),
        _count("count"),
        _count("total_ms"),
    )


# Histograms. `bucket` is of `buckets.py`: bounds are at most 1/16 apart. The same is added up by quarter hours and by
# blocks of three hours (from midnight UTC on) of a queue and channel: with few cases a quarter the quarters of a month
# are as many rows as there were cases, the blocks a seventh.
durations = _histogram("durations", _work_key())
duration_blocks = _histogram("duration_blocks", _work_key()[:2])

# Where waiting time went, of the stays that ended in this quarter.
waits = Table(
    "waits",
    metadata,
    _id("workspace", is_key=True),
    _ms("at_ms", is_key=True),
    *_work_key(),
    _id("cause", is_key=True),
    _count("total_ms"),
    _count("stays"),
)

# Reasons and dispositions that were given in this quarter.
reasons = Table(
    "reasons",
    metadata,
    _id("workspace", is_key=True),
    _ms("at_ms", is_key=True),
    _id("queue", is_key=True),
    _id("channel", is_key=True),
    _id("agent", is_key=True),
    _id("team", is_key=True),
    _id("what", is_key=True),  # returned, transferred, declined, missed, revoked, cancelled, cannot_complete, closed
    _id("reason", is_key=True),
    _count("count"),
)

# An agent's work of one queue and channel.
agent_quarters = Table(
    "agent_quarters",
    metadata,
    _id("workspace", is_key=True),
    _ms("at_ms", is_key=True),
    _id("agent", is_key=True),
    _id("team", is_key=True),
    _id("queue", is_key=True),
    _id("channel", is_key=True),
    _count("accepted"),
    _count("declined"),
    _count("missed"),
    _count("revoked"),
    _count("response_ms"),  # of the offers that were accepted, declined or missed
    _count("taken"),
    _count("assigned"),
    _count("handled"),  # stints that ended with the case: closed or cancelled
    _count("handed_on"),  # the others
    _count("shared"),  # of both: the stints that were shared
    _count("active_ms"),  # of the stints that ended in this quarter, as the next three
    _count("parked_ms"),
    _count("wrap_up_ms"),
    _count("away_ms"),
)

# An agent's time. Sums over the quarter: of all labels together they are the time in which the agent was there. Who is
# gone is not, unless it has something in hand or is found by a match all the same: `statuses` tells how long.
agent_time = Table(
    "agent_time",
    metadata,
    _id("workspace", is_key=True),
    _ms("at_ms", is_key=True),
    _id("agent", is_key=True),
    _id("team", is_key=True),
    _id("label", is_key=True),
    _id("status", is_key=True),
    _count("total_ms"),
    _count("gone_ms"),  # of it without a connection
    _count("full_ms"),  # of it with all its units held
    _count("full_interruptible_ms"),  # of it with no interruptible unit free, of whoever may hold any
    _count("idle_ms"),  # of it with nothing in hand and nothing ringing
    _count("held_primary_ms"),  # units times milliseconds, as the next three
    _count("held_interruptible_ms"),
    _count("capacity_ms"),
    _count("interruptible_capacity_ms"),
)

# -- the writer's own ------------------------------------------------------------------------------------------------

progress = Table(
    "progress",
    metadata,
    _id("workspace", is_key=True),
    Column("position", String(41), nullable=False),  # of the last entry that is stored
    _ms("seq"),
    _ms("at_ms"),  # engine time of it
    _id("writer"),  # who stores now
    _count("beats"),  # grows while the writer lives; who sees it stand still takes over
)

# Entries that the history lacks, or that it has and the log has lost.
gaps = Table(
    "gaps",
    metadata,
    _id("workspace", is_key=True),
    _ms("from_seq", is_key=True),
    _ms("until_seq"),
    _ms("at_ms"),
    _id("what"),  # trimmed: let go before they were read; lost: the store lost them after they were stored
)

# Visits of a customer's cases that `visits` lacks, since the history has not seen their beginning or their end: so that
# they are erased as well.
fragments = Table(
    "fragments",
    metadata,
    _id("workspace", is_key=True),
    _id("case_id", is_key=True),
    _visit(is_key=True),
    _id("customer_key"),
    Index("fragments_of_customer", "workspace", "customer_key"),
)

# Customers who were erased: who asked when, and how many cases. Not whom.
erasures = Table(
    "erasures",
    metadata,
    _id("workspace", is_key=True),
    _id("erasure", is_key=True),
    _ms("at_ms"),
    _id("actor"),
    _count("cases"),
)
