"""What people and teams may be called: texts that pages, tables and logs show as they are."""

import re
from collections.abc import Iterator

from casebaton.errors import Finding

# Controls, line breaks, marks that turn the direction of text, and what has no width: with them a name shows as
# another, or as two lines of a log. Joiners stay, which scripts and emoji need.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# A spreadsheet takes what begins like this for a formula (OWASP, “CSV Injection”), and names are exported as they are.
_FORMULA = ("=", "+", "-", "@")


def text_faults(text: str, path: str) -> Iterator[Finding]:
    """What keeps a text from being a name or a team's."""
    if found := _UNSEEN.search(text):
        yield Finding(path, f"Expected a text without control characters, found U+{ord(found[0]):04X}")
    if text.startswith(_FORMULA):
        yield Finding(path, f"Expected a text that does not begin with {' or '.join(_FORMULA)}, as formulas do")
