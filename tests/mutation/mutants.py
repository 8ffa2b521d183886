"""Mutants of the engine: its Lua with one single check left out.

Two kinds of checks are taken. *Refusals*, in any file: an `if` whose branch gives a refusal, and a guard in a chain of
guards. *Eligibility*, in the functions that decide who may have what: each condition, and each part of one that `and`
or `or` joins. A part that is left out is true where `and` joins it and false where `or` does; a whole `if` is false
when its branch only returns, and true otherwise.
"""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from casebaton.store import library

# Who may have what is decided in these functions.
DECIDING = {
    "parts/agent": ("agent.is_member",),
    "parts/eligible": (
        "eligible.has_room", "eligible.is_over_capacity", "eligible.accepts", "eligible.unavailable", "eligible.unfit",
        "eligible.has_skills", "eligible.unqualified",
        "eligible.is_reachable", "eligible.is_lost",
    ),
    "parts/turns": ("turns.fitting",),
    "parts/windows": ("windows.in_the_way", "windows.bars", "windows.hold"),
    "parts/gate": ("gate.is_stopped", "is_shut", "is_full", "gate.admits", "overflows"),
    "parts/named": (
        "named.is_away", "may_have", "named.place", "named.head", "named.attend", "named.release_slice",
    ),
    "parts/match": ("give_birth", "is_barred", "head", "is_ahead", "best_case", "is_for", "place", "serve"),
}  # fmt: skip
_REFUSES = re.compile(r"tx\.refuse\(|refusal\b|guard\.\w+\(|queue\.unknown\(|presence\.lease_lost\(")
_FUNCTION = re.compile(r"^(?:local )?function ([\w.]+)\(|^end$")
_TRUTH = re.compile(
    r"<=?|>=?|==|~=|\bnot\b|list\.has|suffice|\bis_\w+\(|\bhas_\w+\(|^may_have|\.place\(|\.fits\(|\.accepts\("
)
_CONDITION = re.compile(
    r"\b(?P<word>if|while) (?P<text>.+?) (?:then|do)\b|\breturn (?P<value>.+?)(?: end)?$", re.DOTALL
)
_CHAIN = re.compile(r"^\s*(?:local )?refusal = (?P<text>.* or .*)$", re.MULTILINE)


class Mutant(Struct, frozen=True):
    """One check that is left out: `file` has `before` at `start`, the mutant `after`."""

    file: str
    function: str
    start: int
    before: str
    after: str
    nth: int = 1

    @property
    def name(self) -> str:
        """Where it is and what is left out, for the how manieth time if it stands there more than once."""
        where = self.file + (f" {self.function}" if self.function else "")
        return f"{where}: {' '.join(self.before.split())}" + (f" #{self.nth}" if self.nth > 1 else "")

    def of(self, text: str) -> str:
        """The file's text with the check left out."""
        end = self.start + len(self.before)
        assert text[self.start : end] == self.before
        return f"{text[: self.start]}{self.after}{text[end:]}"


def files() -> dict[str, str]:
    """The engine's files by name."""
    parts = {f"parts/{name}": text for name, text in library.ordered_parts()}
    return parts | {f"commands/{name}": contract.body for name, contract in library.read_contracts().items()}


def _depths(text: str) -> list[int]:
    """How deep in brackets or quotes each character stands."""
    found, depth, is_quoted = [], 0, False
    for character in text:
        is_quoted ^= character == "'"
        depth += 0 if is_quoted else (character in "({[") - (character in ")}]")
        found.append(depth + is_quoted)
    return found


def split(text: str, word: str) -> list[tuple[int, str]]:
    """What `word` joins in an expression, with the place of each part; brackets are not looked into."""
    depths, found, begin = _depths(text), [], 0
    for joint in re.finditer(rf"\s{word}\s", text):
        if depths[joint.start()] == 0:
            found.append((begin, text[begin : joint.start()]))
            begin = joint.end()
    return [*found, (begin, text[begin:])]


def parts_of(text: str, whole: str) -> Iterator[tuple[int, str, str]]:
    """Every part of a condition: its place, its text, and what stands there when it is left out."""
    for start, choice in split(text, "or"):
        pieces = split(choice, "and")
        if len(pieces) > 1:
            yield from ((start + at, piece, "true") for at, piece in pieces)
        elif choice != text:
            yield start, choice, "false"
        else:
            yield start, choice, whole


def _branch(text: str, end: int) -> str:
    """What an `if` does: the rest of its line, or the lines that are further in."""
    line, _, rest = text[end:].partition("\n")
    if line.strip():
        return line
    begin = text.rfind("\n", 0, end) + 1
    indent = len(text[begin:]) - len(text[begin:].lstrip())
    inner = []
    for following in rest.splitlines():
        if len(following) - len(following.lstrip()) <= indent:
            break
        inner.append(following)
    return "\n".join(inner)


def _statements(code: str) -> Iterator[tuple[int, str]]:
    """Each statement that holds a condition, with the lines that go on with it."""
    for start in re.finditer(
        r"(?:^|(?<=then )|(?<=else )|(?<=\) ))[ ]*(?:if|while|elseif|return) .*", code, re.MULTILINE
    ):
        end = start.end()
        while following := re.match(r"\n\s+(?:and|or) .*", code[end:]):
            end += following.end()
        yield start.start(), code[start.start() : end]


def _found(file: str, text: str) -> Iterator[Mutant]:
    code = re.sub(r"--.*", lambda comment: " " * len(comment[0]), text)
    function = ""
    seen: set[int] = set()
    owners = {}
    for number, line in enumerate(code.splitlines()):
        function = started[1] if (started := _FUNCTION.match(line)) else function
        owners[number] = function

    def mutant(start: int, before: str, after: str) -> Mutant:
        return Mutant(file, owners[text.count("\n", 0, start)], start, before, after)

    for chain in _CHAIN.finditer(code):
        yield from (
            mutant(chain.start("text") + at, part, "nil")
            for at, part in split(chain["text"], "or")
            if part.strip() != "refusal"
        )
    for start, statement in _statements(code):
        is_deciding = owners[code.count("\n", 0, start)] in DECIDING.get(file, ())
        for condition in _CONDITION.finditer(statement):
            is_value = condition["word"] is None
            group = "value" if is_value else "text"
            at = start + condition.start(group)
            branch = "" if is_value else _branch(code, start + condition.end())
            refuses = bool(_REFUSES.search(branch))
            if at in seen or (not (refuses and condition["word"] == "if") and not is_deciding):
                continue
            seen.add(at)
            whole = "false" if branch.strip().startswith("return") else "true"
            yield from (
                mutant(at + offset, part, after)
                for offset, part, after in parts_of(condition[group], whole)
                if not is_value or _TRUTH.search(part)  # `x and y or z`: only x is a condition
            )


def functions(text: str) -> set[str]:
    """The functions that a file has."""
    return {found[1] for line in text.splitlines() if (found := _FUNCTION.match(line)) and found[1]}


def mutants() -> list[Mutant]:
    """All of them, file by file."""
    seen: Counter[str] = Counter()
    found = []
    for file, text in sorted(files().items()):
        for mutant in sorted(_found(file, text), key=lambda each: each.start):
            seen[mutant.name] += 1
            found.append(msgspec.structs.replace(mutant, nth=seen[mutant.name]))
    return found
