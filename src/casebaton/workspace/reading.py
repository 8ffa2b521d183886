"""A text from outside as plain values: what TOML and JSON leave open is refused before it is looked at."""

import json
import re
import tomllib
from typing import Any

import msgspec

from casebaton.errors import CasebatonError, Invalid
from casebaton.wire.paths import path_of_first
from casebaton.wire.surrogates import half_in

# tomllib keeps every beginning of a dotted key, which takes the square of its length in memory: 60 KB of `x.x.x…` would
# be gigabytes. A document needs five parts. Strings and comments are passed over whole, each of them once: no part of
# this gives a letter back (`++`, `*+`).
_MOST_PARTS = 8
_BASIC, _LITERAL = r'"(?:[^"\\\n]++|\\.)*+', r"'[^'\n]*+"
_PART = rf"""(?:[A-Za-z0-9_-]++|{_BASIC}"|{_LITERAL}')"""
_DOT = r"[ \t]*+\.[ \t]*+"
_TOKEN = re.compile(
    rf'''
      \#[^\n]*+
    | """(?:[^"\\]++|\\.|"(?!""))*+(?:"{{3,5}}|\Z)
    | \'\'\'(?:[^\']++|\'(?!\'\'))*+(?:\'{{3,5}}|\Z)
    | {_PART}(?:{_DOT}{_PART}){{0,{_MOST_PARTS - 1}}}+(?P<more>{_DOT}{_PART})?
    | {_BASIC} | {_LITERAL}   # that do not end: tomllib says so
    ''',
    re.VERBOSE | re.DOTALL,
)


def read_toml(text: bytes) -> dict[str, Any]:
    """Raises Invalid with the line."""
    try:
        decoded = text.decode()
        for token in _TOKEN.finditer(decoded):
            if token["more"]:
                line = decoded.count("\n", 0, token.start()) + 1
                raise Invalid(f"not TOML of ours: a key of more than {_MOST_PARTS} parts (at line {line})")
        return tomllib.loads(decoded)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"not TOML: {_shortened(str(error))}") from error
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits
        raise Invalid("not TOML of ours: a number of thousands of digits") from error


def _shortened(said: str) -> str:
    """Without most of a name that may be as long as the text; the line stands at the end."""
    return said if len(said) <= 300 else f"{said[:200]}…{said[-60:]}"


class _Twice(dict[str, Any]):
    """An object that has a name more than once."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(found)


def read_json(text: bytes) -> Any:
    """Raises Invalid with the path, also where an object has a name twice, as TOML may not either; or NOT_JSON."""
    try:
        value = msgspec.json.decode(text)
        names = json.loads(text, object_pairs_hook=_object)  # msgspec takes the last of two
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        if found := half_in(text):
            raise Invalid(found[0]) from error
        raise CasebatonError("NOT_JSON", f"not JSON: {error}") from error
    if path := path_of_first(names, lambda one: isinstance(one, _Twice)):
        raise Invalid(f"{path}: a name is there twice")
    return value
