"""The process that answers a node's reports."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from casebaton.history import database
from casebaton.history.migrate import migrate
from casebaton.reports.asked import Ask, frame
from casebaton.settings import Settings


def test_it_ends_with_whoever_started_it_in_the_middle_of_a_query(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path))
    url = database.find(settings)
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    migrate(engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / database.FILE, isolation_level=None)) as holding:
        holding.execute("PRAGMA locking_mode = EXCLUSIVE")
        holding.execute("BEGIN EXCLUSIVE")  # whoever reads waits for long now
        asked = frame(settings) + frame(Ask(workspace="acme", now_ms=1_790_000_000_000, report="queues"))
        ended = subprocess.run(
            [sys.executable, "-m", "casebaton.reports"], input=asked, capture_output=True, check=True
        )
    assert (ended.stdout, ended.stderr) == (b"", b"")
