"""What people and teams may be called: texts that pages, tables and logs show as they are."""

import re
from collections.abc import Iterator

from casebaton.errors import Finding

# Controls, line breaks, marks that turn the direction of text, and what has no width: with them a name shows as
# another, or as two lines of a log. Joiners stay, which scripts and emoji need.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
# What a spreadsheet may take for a formula (OWASP, “CSV Injection”): full-width signs too, and after blanks.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_IN_CELL = re.compile(rf"{_FORMULA.pattern}|[\t\r]")


def text_faults(text: str, path: str) -> Iterator[Finding]:
    """What keeps a text from being a name or a team's."""
    if found := _UNSEEN.search(text):
        yield Finding(path, f"Expected a text without control characters, found U+{ord(found[0]):04X}")
    if _FORMULA.match(text):
        yield Finding(path, "Expected a text that does not begin with = or + or - or @, as formulas do")


def to_cell(text: str) -> str:
    """The text as no spreadsheet runs it: with an apostrophe before a formula, and before the apostrophes of such."""
    return f"'{text}" if _IN_CELL.match(text.lstrip("'")) else text


def from_cell(cell: str) -> str:
    """The text that was put into a cell."""
    return cell[1:] if cell.startswith("'") and _IN_CELL.match(cell.lstrip("'")) else cell
