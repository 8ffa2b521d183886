r"""Half a surrogate pair: JSON can escape it (`"\ud83d"`), UTF-8 has no bytes for it.

It comes from texts that were cut between the two halves of an emoji.
"""

import json
import re
from typing import Any

import msgspec

from casebaton.wire.paths import path_of_first

_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")


def half_in(frame: bytes) -> tuple[str, Any] | None:
    """Where (`$.path: …`) the first text with half a pair stands in JSON that is fine but for such texts, and the JSON
    as a value. None: the frame is no JSON, or has no such text.
    """
    if not _ESCAPED.search(frame):
        return None  # without reading it a second time
    try:
        value = json.loads(frame.decode())  # the standard library takes the halves
    except (ValueError, RecursionError):  # of UTF-8 and of JSON, which may be nested too deeply
        return None
    path = path_of_first(value, _is_halved)
    return None if path is None else (f"{path}: half of a surrogate pair, which is no character", value)


def _is_halved(one: Any) -> bool:
    """Is it a text with half a pair, or an object with such a name?"""
    texts = (one,) if isinstance(one, str) else one if isinstance(one, dict) else ()
    return any(_HALF.search(text) for text in texts)


def encode(value: Any) -> bytes:
    """JSON of the value; halves of pairs in its texts become U+FFFD, as browsers do it."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole(msgspec.to_builtins(value, enc_hook=_encoded_before)))


def _encoded_before(value: Any) -> Any:
    if isinstance(value, msgspec.Raw):
        return msgspec.json.decode(value)
    raise NotImplementedError(f"{type(value).__name__} cannot be JSON")


def _whole(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_whole(name): _whole(each) for name, each in value.items()}
        case list():
            return [_whole(each) for each in value]
        case _:
            return value
