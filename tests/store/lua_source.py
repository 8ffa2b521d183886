"""Reads the Lua text as the contracts' tests need it: functions, what each calls, what each refuses and appends."""

import re
from dataclasses import dataclass
from itertools import zip_longest

from casebaton.store import library

PARTS = dict(library.ordered_parts())
CONTRACTS = library.read_contracts()
# The guards at the head of a run: every command that is not bare meets them.
IN_EVERY_HEAD = {"NO_SUCH_WORKSPACE"}
_COMMENT = re.compile(r"--.*$", re.MULTILINE)
_TEXT = re.compile(r"'[^'\n]*'")
_START = re.compile(r"^(?:local )?function ([\w.]+)\(", re.MULTILINE)
_REFUSES = re.compile(r"tx\.refuse\('(\w+)'")
_RECORDS = re.compile(
    r"(?:\w+\.record|tx\.append|moves\.requeue|moves\.own|moves\.finish|give)\('(\w+)'|\"type\":\"(\w+)\""
)
_CALLS = re.compile(r"(?<![.\w:'])([a-z_]+(?:\.[a-z_]+)?)\(")


@dataclass
class Facts:
    """What one function does by itself, and which functions it calls."""

    refuses: set[str]
    records: set[str]
    calls: set[str]


def code_of(text: str) -> str:
    """The text without its comments."""
    return _COMMENT.sub("", text)


def bare_code_of(text: str) -> str:
    """The text without comments and without what stands between quotes."""
    return _TEXT.sub("''", code_of(text))


def _facts(text: str, part: str = "") -> Facts:
    records = {first or second for first, second in _RECORDS.findall(text)}
    calls = {call if "." in call else f"{part}.{call}" for call in _CALLS.findall(_TEXT.sub("''", text))}
    return Facts(set(_REFUSES.findall(text)), records, calls)


def _functions() -> dict[str, Facts]:
    found = {}
    for part, text in PARTS.items():
        code = code_of(text)
        starts = list(_START.finditer(code))
        for start, following in zip_longest(starts, starts[1:]):
            name = start[1] if "." in start[1] else f"{part}.{start[1]}"
            found[name] = _facts(code[start.end() : following.start() if following else len(code)], part)
    return found


FUNCTIONS = _functions()


def _reach(total: Facts, beyond: frozenset[str] = frozenset()) -> Facts:
    """Add what is called on the way, however far, but for the functions `beyond`."""
    ahead, seen = list(total.calls - beyond), total.calls | beyond
    while ahead:
        called = FUNCTIONS.get(ahead.pop())
        if called is None:
            continue
        total.refuses |= called.refuses
        total.records |= called.records
        ahead += called.calls - seen
        seen |= called.calls
    total.calls = seen - beyond
    return total


# What a change brings with it, whatever it is: matches, what the workspace's rules say, a line that is empty now.
_AFTER_CHANGE = frozenset({"match.settle", "case.vacate", "case.follow", "tx.commit"})
WITH_ANY_CHANGE = frozenset(_reach(Facts(set(), set(), set(_AFTER_CHANGE))).records)


def facts_of_command(name: str, beyond: frozenset[str] = frozenset()) -> Facts:
    """All that a command can refuse and append, whatever it calls on the way."""
    total = _facts(code_of(CONTRACTS[name].body))
    if "firing." in CONTRACTS[name].body:  # called by the kind of a timer
        total.calls |= {function for function in FUNCTIONS if function.startswith("firing.")}
    return _reach(total, beyond)


def own_events(name: str) -> set[str]:
    """What the command itself can append."""
    return facts_of_command(name, _AFTER_CHANGE).records
