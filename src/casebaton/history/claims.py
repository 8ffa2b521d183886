"""Who writes a workspace's history: one process at a time. It beats; who sees that the beats stand still takes over.

Clocks of two machines are never compared: each process measures by its own for how long a count stood still. A process
that was merely slow finds out by its next page, which is refused (`saving.Rival`).
"""

import secrets
from collections.abc import Callable, Iterable
from time import monotonic

from msgspec import Struct
from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casebaton.history.database import reaching
from casebaton.history.schema import progress

BEAT_EVERY_S = 2.0
SILENT_AFTER_S = 10.0
NOBODY = ""


class _Seen(Struct, frozen=True):
    """Another process's claim, with its beats, and since when (by our clock) they stand there."""

    writer: str
    beats: int
    since_s: float


class Claims:
    """The claims of one process, known as `writer`. `look` is called every `BEAT_EVERY_S`; only one call runs at a
    time.
    """

    def __init__(
        self, engine: Engine, *, clock: Callable[[], float] = monotonic, silent_after_s: float = SILENT_AFTER_S
    ) -> None:
        self.writer = secrets.token_hex(8)
        self._silent_after_s = silent_after_s
        self._engine = engine
        self._clock = clock
        self._seen: dict[str, _Seen] = {}

    def look(self, workspaces: Iterable[str]) -> set[str]:
        """Beat, and take over what nobody writes: the workspaces that are this process's now. Raises Unavailable."""
        wanted = set(workspaces)
        with reaching(self._engine), self._engine.begin() as connection:
            connection.execute(
                update(progress).where(progress.c.writer == self.writer).values(beats=progress.c.beats + 1)
            )
            rows = connection.execute(select(progress.c.workspace, progress.c.writer, progress.c.beats)).all()
            known = {row.workspace: (row.writer, row.beats) for row in rows}
            mine = {name for name, (writer, _) in known.items() if writer == self.writer}
            for name in sorted(wanted - known.keys()):
                self._begin(connection, name)
                known[name] = (NOBODY, 0)
            free = [name for name in sorted(wanted - mine) if self._is_free(name, *known[name])]
            return mine | {name for name in free if self._take(connection, name, *known[name])}

    def let_go(self) -> None:
        """Leave all to whoever looks next. Raises Unavailable."""
        with reaching(self._engine), self._engine.begin() as connection:
            connection.execute(update(progress).where(progress.c.writer == self.writer).values(writer=NOBODY))

    def _is_free(self, workspace: str, writer: str, beats: int) -> bool:
        now_s, seen = self._clock(), self._seen.get(workspace)
        if seen is None or (seen.writer, seen.beats) != (writer, beats):
            seen = self._seen[workspace] = _Seen(writer, beats, now_s)
        return writer == NOBODY or now_s - seen.since_s >= self._silent_after_s

    def _take(self, connection: Connection, workspace: str, writer: str, beats: int) -> bool:
        """False when it has beaten, or somebody else was quicker."""
        taken = connection.execute(
            update(progress)
            .where(progress.c.workspace == workspace, progress.c.writer == writer, progress.c.beats == beats)
            .values(writer=self.writer, beats=progress.c.beats + 1)
        )
        self._seen.pop(workspace, None)
        return bool(taken.rowcount)

    def _begin(self, connection: Connection, workspace: str) -> None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        row = {"workspace": workspace, "position": "0-0", "seq": 0, "at_ms": 0, "writer": NOBODY, "beats": 0}
        connection.execute(dialect.insert(progress).on_conflict_do_nothing(), row)
