"""Who uses the server: agents who answer offers and end cases, producers who bring them in, watchers who look on."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from casebaton.wire.messages import AcceptCase, CompleteCase, DeclineCase, SetStatus, SubmitCase, WatchQueue
from loadtest.generator.client import Client, Pending
from loadtest.generator.frames import Case, Frame
from loadtest.scenario import CHANNEL, Agents

FIRST_OFFER = 2  # a case's revision by its first offer: what waits has 1


def case_id(generator: int, number: int, due_at: float) -> str:
    """A case's id says when it was due, so that whoever is offered it can tell for how long it was on its way."""
    return f"c{generator}.{number}-{round(due_at * 1e6)}"


def due_at(case: str) -> float | None:
    """The instant, of `perf_counter`, at which a case was due; None for one of the backlog."""
    number, _, microseconds = case.partition("-")
    return int(microseconds) / 1e6 if number[0] == "c" else None


class AgentClient(Client):
    """Answers each offer and completes each case, as the scenario says of all agents."""

    def __init__(self, *args: Any, name: str, habits: Agents, on_completed: Callable[[], None], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.is_online = False
        self._name = name
        self._habits = habits
        self._on_completed = on_completed
        self._ringing: dict[str, str] = {}
        self._working: dict[str, str] = {}

    def welcomed(self, frame: Frame) -> None:
        """Go on from where the snapshot stands; what is asked for already, or about to be, is not begun anew."""
        assert frame.snapshot is not None
        assert frame.snapshot.agent is not None
        at = perf_counter()
        self.is_online = frame.snapshot.agent.status == "online"
        if not self.is_online:
            self._go_online(at)
        here = {one.case for one in frame.snapshot.offers}
        self._ringing = {case: baton for case, baton in self._ringing.items() if case in here or self.is_asking(case)}
        for one in frame.snapshot.offers:
            self._take_offer(one.case, one.baton, at)
        for one in frame.snapshot.desk:
            if one.state == "active" and one.case not in self._working and not self.is_asking(one.case):
                self._work(one.case, one.baton, at)

    def heard(self, frame: Frame, at: float) -> None:
        """Answer what rings; note what ends."""
        if frame.type == "case_offered" and frame.agent == self._name:
            due = due_at(frame.case)
            if due is not None and frame.revision == FIRST_OFFER:
                self.recorder.latency("offer", due, at)
            self.recorder.count("offered", at)
            self._take_offer(frame.case, frame.baton, at)
        elif frame.type in ("offer_expired", "offer_revoked"):
            self.recorder.count(frame.type, at)
            self._ringing.pop(frame.case, None)
        elif frame.type == "agent_status_changed" and frame.status != "online":
            self._go_online(at)

    def _go_online(self, at: float) -> None:
        command = SetStatus(id=self.next_id(), status="online")
        self.send("set_status", command, due_at=at, answered=self._note_online)

    def _note_online(self, _one: Pending, _ok: Case) -> None:
        self.is_online = True

    def failed(self, one: Pending, *, is_refused: bool) -> None:
        """What was refused is over, for a reason that an event tells; what was not answered is tried again."""
        if is_refused:
            self._ringing.pop(one.case, None)
            self._working.pop(one.case, None)
        elif one.kind == "complete":
            self._complete(one.case, one.baton, perf_counter())
        elif one.kind in ("accept", "decline"):
            self._answer(one.case, one.baton, perf_counter())
        elif one.kind == "set_status":
            self._go_online(perf_counter())

    # -- an offer ----------------------------------------------------------------------------------------------------

    def _take_offer(self, case: str, baton: str, at: float) -> None:
        self.recorder.seen.add(baton)
        if self._ringing.get(case) == baton:
            return
        self._ringing[case] = baton
        wait_s = self._habits.accept_after_ms / 1000
        if wait_s:
            self._loop.call_later(wait_s, self._answer, case, baton, at + wait_s)
        else:
            self._answer(case, baton, at)

    def _answer(self, case: str, baton: str, at: float) -> None:
        if self._ringing.get(case) != baton or self.is_over:
            return
        if self._habits.decline and self.chance.random() < self._habits.decline:
            no = DeclineCase(id=self.next_id(), case=case, baton=baton, reason="busy")
            self.send("decline", no, due_at=at, case=case, baton=baton, answered=self._forget)
        else:
            yes = AcceptCase(id=self.next_id(), case=case, baton=baton)
            self.send("accept", yes, due_at=at, case=case, baton=baton, answered=self._own)

    def _forget(self, one: Pending, _ok: Case) -> None:
        self._ringing.pop(one.case, None)

    def _own(self, one: Pending, ok: Case) -> None:
        self._ringing.pop(one.case, None)
        self._work(one.case, ok.baton, perf_counter())

    # -- a case ------------------------------------------------------------------------------------------------------

    def _work(self, case: str, baton: str, at: float) -> None:
        self._working[case] = baton
        low, high = self._habits.handle_ms
        handle_s = self.chance.uniform(low, high) / 1000
        if handle_s:
            self._loop.call_later(handle_s, self._complete, case, baton, at + handle_s)
        else:
            self._complete(case, baton, at)

    def _complete(self, case: str, baton: str, at: float) -> None:
        if not self.is_over:
            done = CompleteCase(id=self.next_id(), case=case, baton=baton)
            self.send("complete", done, due_at=at, case=case, baton=baton, answered=self._end)

    def _end(self, one: Pending, _ok: Case) -> None:
        self._working.pop(one.case, None)
        if (due := due_at(one.case)) is not None:
            self.recorder.latency("life", due, perf_counter())
        self._on_completed()


class ProducerClient(Client):
    """Brings cases in."""

    def submit(self, case: str, queue: str, due_at: float) -> None:
        """Submit a case that is due."""
        at = perf_counter()
        self.recorder.latency("send_lag", due_at, at)
        self.recorder.count("sent", at)
        command_id = self.next_id()
        command = SubmitCase(
            id=command_id,
            case=case,
            queue=queue,
            channel=CHANNEL,
            subject="The lamp flickers",
            customer=f"customer-{command_id}",
        )
        self.send("submit", command, due_at=due_at, case=case)


class WatcherClient(Client):
    """A supervisor who watches queues, and reads all that comes."""

    def __init__(self, *args: Any, queues: list[str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._queues = queues

    def welcomed(self, frame: Frame) -> None:  # noqa: ARG002  # a supervisor's snapshot is empty
        """Watch, again after each loss."""
        at = perf_counter()
        for queue in self._queues:
            self.send("watch", WatchQueue(id=self.next_id(), queue=queue, limit=1), due_at=at)

    def heard(self, frame: Frame, at: float) -> None:  # noqa: ARG002  # it only reads
        """Count the event."""
        self.recorder.count("watched", at)
