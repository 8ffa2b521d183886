"""Sums and histograms of the history's tables, by whatever a question groups by."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, func, select

from casebaton.history.schema import duration_blocks, durations
from casebaton.reports.cuts import columns_of, counting, cover, inside
from casebaton.reports.histogram import Histogram
from casebaton.reports.periods import Part, Period, parts
from casebaton.reports.question import Dimension, Question

Key = tuple[Any, ...]
Row = dict[str, Any]


_NO_BLOCKS: tuple[Dimension, ...] = ("priority", "skill")  # blocks of three hours do not tell them apart


class Group:
    """What was counted under one key."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.histograms: defaultdict[str, Histogram] = defaultdict(Histogram)

    def share(self, part: str, *of: str) -> float | None:
        """A count as a share of the sum of others, from 0 to 1; None of nothing."""
        whole = sum(self.counts[name] for name in of)
        return self.counts[part] / whole if whole else None


class Groups:
    """What was counted, by key: the interval's, if there is one, then the names of the question's dimensions.

    A case that asks for several skills counts under each of them, one that asks for none under the empty one; `total`
    counts each once.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.total = Group()
        self.of: defaultdict[Key, Group] = defaultdict(Group)
        self._skill = question.by.index("skill") + (question.interval is not None) if "skill" in question.by else None

    def under(self, key: Key) -> Iterator[Group]:
        """The groups to which what has a key belongs, the total among them."""
        yield self.total
        if self._skill is None:
            yield self.of[key]
            return
        for skill in key[self._skill].strip(",").split(","):
            yield self.of[(*key[: self._skill], skill, *key[self._skill + 1 :])]

    def count(self, connection: Connection, table: FromClause, names: Sequence[str]) -> None:
        """Add the sums of a table's columns over the period."""
        columns = columns_of(table, self.question, table.c.at_ms)
        sums = [func.sum(table.c[name]) for name in names]
        where = (counting(table, self.question), inside(table.c.at_ms, self.question.period))
        for row in connection.execute(_grouped(select(*columns, *sums).where(*where), columns)):
            for group in self.under(tuple(row[: len(columns)])):
                for name, value in zip(names, row[len(columns) :], strict=True):
                    group.counts[name] += int(value or 0)

    def measure(self, connection: Connection, measures: Sequence[str]) -> None:
        """Add the histograms of these measures over the period."""
        covered = cover(self.question.period, self.question.interval, has_blocks=not self.question.asks(*_NO_BLOCKS))
        tables = [(durations, covered.of_quarters(durations.c.at_ms, self.question.period))]
        if covered.blocks is not None:
            tables.append((duration_blocks, covered.of_blocks(duration_blocks.c.at_ms)))
        for table, when in tables:
            columns = [*columns_of(table, self.question, table.c.at_ms), table.c.measure, table.c.bucket]
            sums = func.sum(table.c["count"]), func.sum(table.c.total_ms)
            where = (counting(table, self.question), table.c.measure.in_(measures), when)
            for row in connection.execute(_grouped(select(*columns, *sums).where(*where), columns)):
                *key, measure, bucket, count, total_ms = row
                for group in self.under(tuple(key)):
                    group.histograms[measure].add(bucket, int(count), int(total_ms))

    def stream(self, connection: Connection, table: FromClause, measure: str) -> None:
        """Add lengths of time (`length_ms`) one by one."""
        columns = columns_of(table, self.question, table.c.at_ms)
        where = (counting(table, self.question), inside(table.c.at_ms, self.question.period))
        query = select(*columns, table.c.length_ms).where(*where).execution_options(yield_per=10_000)
        for row in connection.execute(query):
            for group in self.under(tuple(row[: len(columns)])):
                group.histograms[measure].add_one(row[-1])

    def rows(self, describe: Callable[[Group, int], Row]) -> list[Row]:
        """A row for each key, in order of the intervals and names; `describe` gives its numbers, of a group and for how
        long (ms) its interval has lasted by now, as far as the history has it.
        """
        if not self.question.by and self.question.interval is None:
            return []
        known = {part.key: part for part in self.parts}
        recorded = {part.key: part.length_ms for part in self._cut(self.question.recorded)}
        found = []
        for key in sorted(self.of):
            part = known[key[0]] if known else None
            row: Row = {}
            if part is not None:
                row["interval"] = part.name
                if part.at_ms is not None:
                    row["at_ms"] = part.at_ms
            row |= dict(zip(self.question.by, key[1:] if known else key, strict=True))
            # Of an interval that has not begun whole: clocks of two machines may differ.
            length_ms = self.length_ms if part is None else recorded.get(part.key, part.length_ms)
            found.append(row | describe(self.of[key], length_ms))
        return found

    @property
    def length_ms(self) -> int:
        """For how long the period has lasted by now, as far as the history has it."""
        recorded = self.question.recorded
        return recorded.until_ms - recorded.from_ms

    @property
    def parts(self) -> list[Part]:
        """The intervals of the question."""
        return self._cut(self.question.period)

    def _cut(self, period: Period) -> list[Part]:
        return [] if self.question.interval is None else parts(period, self.question.interval)


def _grouped(query: Any, columns: Sequence[Any]) -> Any:
    """By name where a column is worked out: PostgreSQL would not know two expressions with parameters for the same."""
    return query.group_by(*("part" if column.name == "part" else column for column in columns))
