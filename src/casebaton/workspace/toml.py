"""A document as TOML, as people write it: a table for each thing, the rest of it on lines of its own.

Comments and the order in which somebody wrote it are not kept anywhere: only what the document says is.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from casebaton.workspace.document import Document

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(document: Document, *, whole: bool = False) -> str:
    """The structure, without people. Only what differs from its default, or with `whole` all that is anything."""
    members = msgspec.to_builtins(_plain(document, whole=whole))
    members.pop("agents", None)
    plain = {name: member for name, member in members.items() if not _is_table(member) and not _are_tables(member)}
    parts = ["\n".join(_lines(plain))] if plain else []
    for name, member in members.items():
        if name not in plain:
            parts += _section(name, member)
    return "\n\n".join(parts) + "\n"


def _plain(value: Any, *, whole: bool) -> Any:
    """Structs as dicts, without what is nothing or at its default."""
    if isinstance(value, Struct):
        fields = msgspec.structs.fields(value)
        members = {field.encode_name: (field, getattr(value, field.name)) for field in fields}
        return {
            name: _plain(member, whole=whole)
            for name, (field, member) in members.items()
            if member is not None and member is not UNSET and (whole or field.required or member != _default(field))
        }
    if isinstance(value, dict):
        return {name: _plain(member, whole=whole) for name, member in value.items()}
    return [_plain(member, whole=whole) for member in value] if isinstance(value, list | tuple) else value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and value != [] and all(map(_is_table, value))


def _section(name: str, member: Any) -> Iterator[str]:
    """Its tables: each row of a list, each entry by its name, or the section itself."""
    if not member:
        yield f"[{_key(name)}]"
    elif _are_tables(member):
        yield from (_table(f"[[{_key(name)}]]", row) for row in member)
    elif all(map(_is_table, member.values())):
        yield from (_table(f"[{_key(name)}.{_key(entry)}]", fields) for entry, fields in member.items())
    else:
        yield _table(f"[{_key(name)}]", member)


def _table(head: str, members: dict[str, Any]) -> str:
    return "\n".join([head, *_lines(members)])


def _lines(members: dict[str, Any]) -> Iterator[str]:
    return (f"{_key(name)} = {_value(member)}" for name, member in members.items())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """TOML's basic strings are those of JSON, but for one character that has to be escaped here."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        inner = ", ".join(_lines(value))
        return f"{{ {inner} }}" if inner else "{}"
    return repr(value)
