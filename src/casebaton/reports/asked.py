"""What a process that answers reports is asked and tells, and how both stand in a pipe."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

# PostgreSQL knows no zero byte.
_TEXT = Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*\Z", description="a text without zero bytes")
LENGTH_BYTES = 4  # before each message
Form = Literal["json", "csv"]


class Within(Struct, frozen=True):
    """A scope: these queues, and agents of these teams."""

    queues: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class Sought(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is looked for among cases that have ended."""

    text: Annotated[str, _TEXT]
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class Ask(Struct, kw_only=True):
    """A report's query; or, with a `case`, that case's life; or which cases are found; or, with none of these, which
    reports there are.

    `given` are the parameters, as a URL's query has them; `now_ms` is engine time, as far as whoever asks knows it.
    """

    workspace: str
    now_ms: int
    report: str = ""
    case: str = ""
    sought: Sought | None = None
    given: dict[str, list[str]] = {}
    form: Form = "json"
    within: Within | None = None


class Told(Struct, kw_only=True):
    """The answer in the form that was asked for, or an error's code and sentence."""

    body: bytes = b""
    code: str = ""
    detail: str = ""


def frame(message: Struct) -> bytes:
    """A message as it stands in a pipe."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body
