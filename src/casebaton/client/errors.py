"""What a call on the client can end in; the root, and `OutcomeUnknown`, are those of `casebaton.errors`.

CasebatonError
├── CommandRefused    the server changed nothing, for a reason it names
├── NotSent           the command never left; it changed nothing
├── OutcomeUnknown    sent, but no reply came: it may or may not have taken effect
├── ConnectionEnded   the connection will not come back by itself
└── WrongRole         the token's role is not the one that was asked for
"""

from casebaton.client.events import Fault
from casebaton.client.state import CaseBrief
from casebaton.errors import CasebatonError


class CommandRefused(CasebatonError):
    """A refused command. `current` is the case as it stands, where that helps; a document has all its `faults`."""

    current: CaseBrief | None

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code, fault.detail, fault.current)
        self.retryable = fault.retryable
        self.faults = fault.faults


class NotSent(CasebatonError):
    """Not connected, too large, or too many in flight. Nothing keeps the command for later."""

    retryable = True

    def __init__(self, detail: str) -> None:
        super().__init__("NOT_SENT", detail)


class ConnectionEnded(CasebatonError):
    """`close_code` is the socket's close code, or the HTTP status of a refused handshake."""

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__("CONNECTION_ENDED", f"{close_code} {reason or '(no reason given)'}")
        self.close_code = close_code
        self.reason = reason


class WrongRole(CasebatonError):
    """The connection's role is not the one that was asked for."""

    def __init__(self, wanted: str, role: str) -> None:
        super().__init__("WRONG_ROLE", f"this needs the role {wanted}, and the token says {role}")
