"""Every error that a caller may meet.

CasebatonError
├── Refused           the engine's answer: the state does not allow it; nothing changed
├── Invalid           the request's shape is wrong; `detail` names the JSON path
├── Forbidden         this role may not do that
├── Unauthenticated   token missing, invalid or expired
├── Unavailable       the store cannot be reached; nothing was sent
├── EngineFault       the engine itself failed half-way; a bug, never repeated
├── NodeFault         the node itself failed; a bug
└── OutcomeUnknown    no answer in time: the command had no effect or one; send it again with the same command id
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct


class Finding(Struct, frozen=True):
    """Something found in a document: where, as a JSON path, and what."""

    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"


class CasebatonError(Exception):
    """An error with a stable `code`; `current` is the case as it stands, where one was named."""

    retryable = False

    def __init__(self, code: str, detail: str, current: Any = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.current = current

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Refused(CasebatonError):
    """The engine refused: the present state does not allow the command. Nothing changed."""


class Invalid(CasebatonError):
    """The request has the wrong shape. `detail` starts with the JSON path of the bad field.

    Of a whole document all faults (the first 100) are listed, and `detail` tells the first.
    """

    most_faults = 100

    def __init__(self, detail: str, faults: Sequence[Finding] = ()) -> None:
        super().__init__("INVALID", detail)
        self.faults = tuple(faults[: self.most_faults])

    @classmethod
    def of(cls, faults: Iterable[Finding]) -> "Invalid":
        """All faults of a document, of which there is one at least, as one error: the first are kept, the others only
        counted.
        """
        left = iter(faults)
        first = list(islice(left, cls.most_faults))
        further = len(first) - 1 + sum(1 for _ in left)
        more = f" (and {further} more)" if further else ""
        return cls(f"{first[0]}{more}", first)


class Forbidden(CasebatonError):
    """The role may not do this, or not so."""

    def __init__(self, detail: str) -> None:
        super().__init__("FORBIDDEN", detail)


class Unauthenticated(CasebatonError):
    """There is no valid token."""

    def __init__(self, detail: str) -> None:
        super().__init__("UNAUTHENTICATED", detail)


class Unavailable(CasebatonError):
    """The store cannot be reached, and the command was certainly not run."""

    retryable = True

    def __init__(self, detail: str) -> None:
        super().__init__("UNAVAILABLE", detail)


class EngineFault(CasebatonError):
    """A function of the engine stopped with an error of its own: a bug.

    It may have written in part, so nothing repeats it.
    """

    def __init__(self, detail: str) -> None:
        super().__init__("ENGINE_FAULT", detail)


class NodeFault(CasebatonError):
    """The node failed in a way that nobody foresaw: a bug. What was asked for may have been done."""

    def __init__(self) -> None:
        super().__init__("NODE_FAULT", "the node failed: report what its log says")


class OutcomeUnknown(CasebatonError):
    """No answer came in time: zero or one effect. Sending the same command id again tells which."""

    retryable = True

    def __init__(self, detail: str) -> None:
        super().__init__("OUTCOME_UNKNOWN", detail)
