"""Ids that come as plain text: from a path, a query or a command line."""

import msgspec

from casebaton.errors import Invalid
from casebaton.wire.words import Id

RULE = "letters, digits and . _ @ + -, at most 64, the first a letter or a digit"


def read_id(name: str, text: str) -> str:
    """The text, if it is an id. Raises Invalid with the name of what it was given for."""
    try:
        found: str = msgspec.convert(text, Id)
    except msgspec.ValidationError as error:
        raise Invalid(f"{name}: not an id: {RULE}") from error
    return found
