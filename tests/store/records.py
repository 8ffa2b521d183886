"""The records that the engine stores as strings (see the part `record`), read and changed from outside."""

import re
from typing import Any

from casebaton.store.keys import key
from casebaton.store.library import LUA
from tests.engine import Engine

_LAYOUT = re.compile(r"local \w+ = record\.layout\(\{(.*?)\}", re.DOTALL)
_SOURCES = {"case": ("case", 0), "agent": ("agent", 0), "profile": ("agent", 1), "queue": ("gate", 0)}


def _fields(part: str, place: int) -> list[str]:
    text = re.sub(r"--.*", "", (LUA / "parts" / f"{part}.lua").read_text())
    return re.findall(r"'(\w+)'", _LAYOUT.findall(text)[place])


FIELDS = {noun: _fields(part, place) for noun, (part, place) in _SOURCES.items()}


def decode(noun: str, text: bytes) -> dict[str, str]:
    """The fields of a stored record."""
    values = text[1:].split(b"\0")
    assert (text[0], values.pop()) == (len(FIELDS[noun]), b""), f"not a record of a {noun}: {text!r}"
    return dict(zip(FIELDS[noun], (value.decode() for value in values), strict=True))


def encode(noun: str, row: dict[str, str]) -> bytes:
    """The same, the other way."""
    return bytes([len(row)]) + b"".join(row[field].encode() + b"\0" for field in FIELDS[noun])


async def alter(engine: Engine, noun: str, name: str, **fields: Any) -> None:
    """Change a record by hand, or make one of nothing but these fields."""
    stored = await engine.store.redis.get(key(engine.workspace, f"{noun}:{name}"))
    row = decode(noun, stored) if stored else dict.fromkeys(FIELDS[noun], "")
    assert fields.keys() <= row.keys()
    row |= {field: str(value) for field, value in fields.items()}
    await engine.store.redis.set(key(engine.workspace, f"{noun}:{name}"), encode(noun, row), keepttl=True)
