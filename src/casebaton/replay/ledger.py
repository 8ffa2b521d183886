"""What the agents were told about who owns what, to hold the server to it.

Every client sees the events of its own cases only; together they see each case change hands. Whether it all fits is
judged at the end, by revision: the clients' events come at different times.
"""

from collections import defaultdict

from casebaton.client import Event


class Ledger:
    """Collects events and accepted offers. `capacity` is what each agent may hold."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._owners: dict[str, dict[int, set[tuple[str, str | None]]]] = defaultdict(lambda: defaultdict(set))
        self._claims: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._overloads: set[tuple[int, str]] = set()

    def saw(self, event: Event) -> None:
        """Note an event as one client saw it."""
        if not event.case or not event.state:
            return
        self._owners[event.case][event.revision].add((event.owner, event.owner_before))
        for held in event.held:
            if held.primary + held.interruptible > self.capacity:
                self._overloads.add((event.log_seq, held.agent))

    def claimed(self, agent: str, case: str, revision: int) -> None:
        """Note that the server answered an agent's accept or take: yours, since this revision."""
        self._claims[case][revision].add(f"agent:{agent}")

    def last_revision(self, case: str) -> int:
        """The newest revision that anyone saw of a case; 0 for none."""
        return max((*self._owners[case], *self._claims[case]), default=0)

    @property
    def over_capacity(self) -> int:
        """How often an agent was given more than it may hold."""
        return len(self._overloads)

    @property
    def double_owned(self) -> int:
        """How many cases had, for anyone who watched, an owner who was not the only one."""
        return sum(not self._is_consistent(case) for case in self._owners.keys() | self._claims.keys())

    def _is_consistent(self, case: str) -> bool:
        owners, claims = self._owners[case], self._claims[case]
        if any(len(told) > 1 for told in owners.values()) or any(len(told) > 1 for told in claims.values()):
            return False
        at = {revision: owner for revision, told in owners.items() for owner, _ in told}
        for revision, (agent,) in claims.items():  # an event may be lost with everybody's connection, and the claim not
            at.setdefault(revision, agent)
        before = {revision: owner for revision, told in owners.items() for _, owner in told}
        follows = all(at.get(revision - 1, owner) == owner for revision, owner in before.items() if owner is not None)
        return follows and all({at[revision]} == agents for revision, agents in claims.items())
