"""Where a case is: what differs between two places is what has ended and what has begun."""

from typing import NamedTuple

from casebaton.store.facts import IN_HAND, IN_LINE


class Place(NamedTuple):
    """A case's state, the agent at whom it rings or whose it is, and its queue."""

    state: str
    agent: str
    queue: str

    @property
    def line(self) -> str:
        """In whose line it stands, ringing included; empty: in none."""
        return self.queue if self.state in IN_LINE else ""

    @property
    def rings_at(self) -> str:
        """To whom it is offered out of the line, or nothing."""
        return self.agent if self.state == "offered" else ""

    @property
    def owner(self) -> str:
        """Whose it is, or nothing."""
        return self.agent if self.state in IN_HAND else ""

    @property
    def work(self) -> tuple[str, str] | None:
        """Who does what with it: active, parked, wrapping."""
        return (self.agent, self.state) if self.state in IN_HAND else None
