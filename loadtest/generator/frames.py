"""What the generator reads of a frame; the rest of it is skipped, not decoded."""

from msgspec import Struct
from msgspec.json import Decoder


class Case(Struct):
    """A case in a snapshot, or in the answer to a command."""

    case: str = ""
    state: str = ""
    baton: str = ""


class AgentState(Struct):
    """An agent in a snapshot."""

    status: str = "online"


class Snapshot(Struct):
    """Where an agent stands."""

    agent: AgentState | None = None
    offers: list[Case] = []
    desk: list[Case] = []


class Fault(Struct):
    """Why a command changed nothing."""

    code: str
    retryable: bool = False


class Frame(Struct):
    """Any frame of the server: a welcome, a reply, an event, or what a node says of itself."""

    type: str
    id: str | None = None
    ok: Case | None = None
    error: Fault | None = None
    seq: int = 0
    case: str = ""
    state: str = ""
    agent: str = ""
    baton: str = ""
    revision: int = 0
    status: str = ""
    snapshot: Snapshot | None = None
    reconnect_after_ms: int = 0


decode = Decoder(Frame).decode
