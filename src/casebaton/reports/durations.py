"""Lengths of time: how long everything takes, as percentiles and as a histogram."""

from sqlalchemy import Connection

from casebaton.errors import Invalid
from casebaton.reports.answer import Answer, Column, answer, known, whole_ms
from casebaton.reports.groups import Group, Groups, Row
from casebaton.reports.histogram import PERCENTILES
from casebaton.reports.question import Dimension, Question

BY: tuple[Dimension, ...] = ("queue", "channel", "priority", "skill")
SAYS = ("measure",)
MEASURES = {
    "first_owner": "Time to first owner: from when it was requested, after a reopening from that, until it had one.",
    "first_owner_created": "The same from when it was created, as the producer says.",
    "speed_pushed": "Speed of answer: arrival to first ownership by an accepted offer or at once by a match.",
    "speed_taken": "Speed of answer: arrival to first ownership by an agent's own choice.",
    "speed_assigned": "Speed of answer: arrival to first ownership by a supervisor's assignment.",
    "dwell": "Queue dwell: one stay in one line, ringing included, until somebody owns the case, it goes to another "
    "queue, or it ends.",
    "dwell_again": "Queue dwell of stays after a return.",
    "patience": "Arrival until the customer left, of cases that nobody had owned.",
    "response_accepted": "Offer response: offered to accepted.",
    "response_declined": "Offer response: offered to declined.",
    "response_missed": "Offer response: offered to expired.",
    "handle": "Handle time: active + wrap-up of all owners of a case, without parked time and without its owner's "
    "offline time, when it is closed. With several cases at once it is desk time.",
    "stint": "The same of one agent, when the case leaves its hands.",
    "wrap_up": "Wrap-up of one case.",
    "parked": "How long a case was parked.",
    "age": "From when a case was requested to its end.",
}  # fmt: skip
COLUMNS = (
    Column("count", "", "How many were measured in this interval, when they ended."),
    Column("mean_ms", "ms", "The mean."),
    Column(
        "p50_ms", "ms", "Half took at most this: the nearest rank, a sixteenth too long at most, as the next three."
    ),
    Column("p90_ms", "ms", "90 % took at most this."),
    Column("p95_ms", "ms", "95 % took at most this."),
    Column("p99_ms", "ms", "99 % took at most this."),
    Column("histogram", "", "[until_ms, count]: so many took at most this, and longer than the one before."),
    Column("says", "", "What the measure is."),
)


def report(connection: Connection, question: Question) -> Answer:
    """A row for each measure. `measure` names those that are wanted, with commas between; left out, all."""
    wanted = question.more.get("measure", "").split(",") if "measure" in question.more else list(MEASURES)
    for name in wanted:
        if name not in MEASURES:
            raise Invalid(f"measure: expected some of {', '.join(MEASURES)}, not {name}")
    groups = Groups(question.each("measure"))
    groups.measure(connection, wanted)

    def describe(group: Group, _: int) -> Row:
        [(name, histogram)] = group.histograms.items()
        bars = [[bar.until_ms, bar.count] for bar in histogram.bars()] if question.histogram else None
        found = {"count": histogram.count, "mean_ms": whole_ms(histogram.mean_ms), "histogram": bars}
        at_most = {f"p{percent}_ms": histogram.percentile(percent) for percent in PERCENTILES}
        return known({**found, **at_most, "says": MEASURES[name]})

    before = report(connection, question.of(question.period.previous())) if question.compare else None
    return answer("durations", question, COLUMNS, groups.rows(describe), {}, previous=before)
