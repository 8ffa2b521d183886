"""Where the history is, and what is said of it."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casebaton.errors import Invalid, Unavailable
from casebaton.history import database
from casebaton.settings import Settings


def test_it_is_in_the_data_directory_unless_told_otherwise(tmp_path: Path) -> None:
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    assert database.place(url) == f"sqlite:///{tmp_path}/history.db"


def test_there_may_be_none() -> None:
    assert database.find(Settings(history_url="none")) is None


def test_its_password_is_not_told() -> None:
    url = database.find(Settings(history_url="postgresql://h:secret@db/cb?password=other"))
    assert url is not None
    assert database.place(url) == "postgresql+psycopg://h:***@db/cb"


def test_one_that_cannot_be_reached_is_unavailable_and_names_its_place_alone() -> None:
    url = database.find(Settings(history_url="postgresql://h:secret@127.0.0.1:1/cb"))
    assert url is not None
    engine = database.open_engine(url)
    with pytest.raises(Unavailable) as raised, database.reaching(engine), engine.connect():
        pass
    assert str(raised.value) == (
        "UNAVAILABLE: the history at postgresql+psycopg://h:***@127.0.0.1:1/cb cannot be used: OperationalError"
    )


def test_a_reader_of_sqlite_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    writing, reading = database.open_engine(url, is_writer=True), database.open_engine(url)
    with writing.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    with writing.begin() as writer, reading.connect() as reader:
        writer.execute(text("INSERT INTO t VALUES (1)"))
        assert reader.execute(text("SELECT count(*) FROM t")).scalar_one() == 0
    writing.dispose()
    reading.dispose()


def test_a_file_that_somebody_else_holds_is_unavailable_and_a_wrong_statement_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.01)
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    engine, other = database.open_engine(url, is_writer=True), database.open_engine(url, is_writer=True)
    with engine.begin(), pytest.raises(Unavailable, match="SQLITE_BUSY"), database.reaching(other), other.begin():
        pass
    with pytest.raises(DBAPIError), database.reaching(other), other.begin() as connection:
        connection.exec_driver_sql("SELECT 1 FROM nowhere")
    engine.dispose()
    other.dispose()


def test_a_database_is_known_by_where_it_is_and_not_by_who_asks(tmp_path: Path) -> None:
    def of(*, data_dir: str = "", history_url: str = "") -> str:
        url = database.find(Settings(data_dir=data_dir, history_url=history_url))
        assert url is not None
        return database.identity(url)

    assert of(history_url="postgresql://a:x@db/h") == of(history_url="postgresql://b@db/h")
    places = [{"history_url": "postgresql://a@db/other"}, {"history_url": "postgresql://a@elsewhere/h"}]
    here = [{"data_dir": str(tmp_path)}, {"data_dir": str(tmp_path / "other")}]
    assert len({of(history_url="postgresql://a@db/h"), *(of(**each) for each in [*places, *here])}) == 5


def test_an_option_that_there_is_not_is_named() -> None:
    url = database.find(Settings(history_url="postgresql://h:secret@127.0.0.1:1/cb?bogus=1"))
    assert url is not None
    with pytest.raises(Invalid) as raised:
        database.open_engine(url)
    assert raised.value.detail == 'history_url: invalid connection option "bogus"'


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / database.FILE).write_text("not a database " * 100)
    url = database.find(Settings(data_dir=str(tmp_path)))
    assert url is not None
    engine = database.open_engine(url)
    with pytest.raises(Unavailable) as raised, database.reaching(engine), engine.connect():
        pass
    assert str(raised.value).endswith("cannot be used: it is no database, or damaged (SQLITE_NOTADB)")


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "open to all"
    directory.mkdir(mode=0o755)
    url = database.find(Settings(data_dir=str(directory)))
    assert url is not None
    engine = database.open_engine(url, is_writer=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
        files = sorted(directory.iterdir())
        assert [(file.name, oct(file.stat().st_mode & 0o777)) for file in files] == [
            (f"{database.FILE}{end}", "0o600") for end in ("", "-shm", "-wal")
        ]
    engine.dispose()
