"""What a generator and its harness say to each other: JSON, a line each, over the process's own streams."""

from msgspec import Struct

from loadtest.scenario import Scenario


class Job(Struct):
    """The first line: one generator's part of a scenario. The figures and the evidence go to files in `directory`."""

    scenario: Scenario
    number: int
    nodes: list[str]
    secret: str
    directory: str


class Begin(Struct, tag="begin"):
    """The load begins at this instant of `perf_counter`, which all processes of a machine share."""

    at: float


class End(Struct, tag="end"):
    """Leave, write everything down, and end."""


class Ready(Struct, tag="ready"):
    """Everybody who should be there is."""

    connected: int


class Tick(Struct, tag="tick"):
    """Where the generator stands, once a second."""

    connected: int
    counts: dict[str, int]
    offer_p99_ms: float | None = None


class Done(Struct, tag="done"):
    """Everything is written down."""


Order = Begin | End
Report = Ready | Tick | Done


def measured_file(number: int) -> str:
    """Where a generator's figures are."""
    return f"measured-{number}.json"


def evidence_file(number: int) -> str:
    """Where its clients' journal is."""
    return f"evidence-{number}.json"
