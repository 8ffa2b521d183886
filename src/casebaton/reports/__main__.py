"""The process that answers a node's reports, one after the other, until its stdin ends, as it does with the node: then
it ends at once, in the middle of a query as well.

It reads the settings first: the history's URL may hold a password, which belongs into no list of processes.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from queue import Queue
from threading import Thread
from typing import BinaryIO, NoReturn

import msgspec
import structlog
from sqlalchemy import Engine

from casebaton import logs
from casebaton.errors import CasebatonError, Invalid, NodeFault
from casebaton.history.database import find, open_engine
from casebaton.history.migrate import check
from casebaton.reports.asked import LENGTH_BYTES, Ask, Told, frame
from casebaton.reports.catalogue import ask, ask_ended, ask_life, listed
from casebaton.reports.csv import life_to_csv, to_csv
from casebaton.settings import Settings

logger = structlog.get_logger()


def main() -> NoReturn:
    """Answer until nobody asks any more. A fault is told as `NODE_FAULT`, and to the log by its place alone."""
    answers = sys.stdout.buffer
    settings = msgspec.msgpack.decode(_read(sys.stdin.buffer) or b"", type=Settings)
    logs.configure(settings.log_level)
    engine: Engine | None = None
    questions: Queue[bytes] = Queue(maxsize=1)
    Thread(target=_listen, args=(questions,), daemon=True).start()
    while True:
        asked = msgspec.msgpack.decode(questions.get(), type=Ask)
        try:
            if engine is None:
                engine = _open(settings)
            told = Told(body=_answer(engine, asked))
        except CasebatonError as error:
            told = Told(code=error.code, detail=error.detail)
        except Exception as error:  # noqa: BLE001  # a fault in one report keeps no other from being answered
            logger.error("report_failed", report=asked.report, **logs.about(error))  # noqa: TRY400
            told = Told(code=NodeFault().code, detail=NodeFault().detail)
        answers.write(frame(told))
        answers.flush()


def _listen(questions: Queue[bytes]) -> None:
    """Take in questions while one is answered, and end the process when nobody can ask any more."""
    while (message := _read(sys.stdin.buffer)) is not None:
        questions.put(message)
    os._exit(0)  # a query keeps the main thread, for as long as it lasts


def _read(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH_BYTES)
    return stream.read(int.from_bytes(head, "big")) if len(head) == LENGTH_BYTES else None


def _open(settings: Settings) -> Engine:
    url = find(settings)
    assert url is not None, "the node asks for reports only where there is a history"
    engine = open_engine(url)
    check(engine)
    return engine


def _answer(engine: Engine, asked: Ask) -> bytes:
    if asked.case:
        zone = _zone(asked.given)
        life = ask_life(engine, asked.case, workspace=asked.workspace, within=asked.within)
        is_csv = asked.form == "csv"
        return life_to_csv(life, zone).encode() if is_csv else msgspec.json.encode(life)
    if asked.sought is not None:
        found = ask_ended(engine, asked.sought, workspace=asked.workspace, within=asked.within)
        return msgspec.json.encode(found)
    if not asked.report:
        return msgspec.json.encode({"items": listed()})
    answer = ask(engine, asked.report, asked.given, workspace=asked.workspace, now_ms=asked.now_ms, within=asked.within)
    return to_csv(answer).encode() if asked.form == "csv" else msgspec.json.encode(answer)


def _zone(given: Mapping[str, Sequence[str]]) -> str:
    for name in given:
        if name != "zone":
            raise Invalid(f"{name}: there is no such parameter here: expected zone")
    return (given.get("zone") or ["UTC"])[0]


if __name__ == "__main__":
    main()
