"""The fold: what a log tells, and where it contradicts itself."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebaton.store.events import LogEvent, read_event
from casebaton.store.facts import AgentFact, FlagFact
from casebaton.store.fold import Fold
from casebaton.store.log import Entry, read_after
from tests.engine import Engine

ANA: dict[str, Any] = {
    "type": "agent_updated", "agent": "ana", "status": "online", "presence": "connected", "channels": ["*"],
    "queues": ["support"], "capacity": 4, "interruptible_capacity": 2,
}  # fmt: skip
BO = ANA | {"agent": "bo"}
IN_LINE = {"owner": "queue:support", "owner_before": "queue:support", "queue": "support", "case": "one"}
QUEUED: dict[str, Any] = {
    "type": "case_queued", "case": "one", "revision": 1, "state": "waiting", "owner": "queue:support",
    "queue": "support", "baton": "b1", "score": 7, "channel": "case", "pool": "interruptible", "cost": 1, "priority": 5,
}  # fmt: skip
OFFERED: dict[str, Any] = IN_LINE | {
    "type": "case_offered", "revision": 2, "state": "offered", "state_before": "waiting", "agent": "ana", "baton": "b2",
    "score": 7, "held": [{"agent": "ana", "primary": 0, "interruptible": 1, "offers": 1}],
}  # fmt: skip
ACCEPTED: dict[str, Any] = OFFERED | {
    "type": "case_accepted", "revision": 3, "state": "active", "state_before": "offered", "owner": "agent:ana",
    "agent_before": "ana", "baton": "b3", "held": [{"agent": "ana", "primary": 0, "interruptible": 1, "offers": 0}],
}  # fmt: skip
CLOSED: dict[str, Any] = {
    "type": "case_closed", "case": "one", "revision": 4, "state": "closed", "state_before": "active", "owner": "none",
    "owner_before": "agent:ana", "agent_before": "ana", "queue": "support", "baton": "b4", "score": 7,
    "held": [{"agent": "ana", "primary": 0, "interruptible": 0, "offers": 0}],
}  # fmt: skip
RUNG: dict[str, Any] = ACCEPTED | {
    "type": "transfer_offered", "revision": 4, "state_before": "active", "owner_before": "agent:ana", "target": "bo",
    "target_baton": "t1", "held": [{"agent": "bo", "primary": 0, "interruptible": 1, "offers": 1}],
}  # fmt: skip
FAILED: dict[str, Any] = RUNG | {
    "type": "transfer_failed", "revision": 5, "target": "", "target_baton": "", "target_before": "bo",
    "held": [{"agent": "bo", "primary": 0, "interruptible": 0, "offers": 0}],
}  # fmt: skip
TRANSFERRED: dict[str, Any] = FAILED | {
    "type": "case_transferred", "agent": "bo", "owner": "agent:bo", "baton": "b5",
    "held": [{"agent": "bo", "primary": 0, "interruptible": 1, "offers": 0},
             {"agent": "ana", "primary": 0, "interruptible": 0, "offers": 0}],
}  # fmt: skip
LIFE = [ANA, QUEUED, OFFERED, ACCEPTED, CLOSED]


def fold(*events: dict[str, Any]) -> Fold:
    """Fold events as a log numbers them, unless they bring a number of their own."""
    found = Fold()
    for seq, event in enumerate(events, 1):
        found.apply(msgspec.convert({"log_seq": seq} | event, LogEvent))
    return found


def test_a_case_lives_and_is_gone() -> None:
    offered = fold(*LIFE[:3])
    assert (offered.cases["one"].state, offered.cases["one"].owner) == ("offered", "queue:support")
    assert (offered.agents["ana"].held_interruptible, offered.agents["ana"].offers) == (1, 1)

    active = fold(*LIFE[:4])
    assert active.cases["one"].owner == "agent:ana"
    assert (active.agents["ana"].held_interruptible, active.agents["ana"].offers) == (1, 0)

    closed = fold(*LIFE)
    assert not closed.cases
    assert closed.agents["ana"].held_interruptible == 0
    assert not closed.faults


def test_an_agent_is_what_its_events_say() -> None:
    status = {
        "type": "agent_status_changed",
        "agent": "ana",
        "status": "busy",
        "status_before": "online",
        "channels": ["*"],
    }
    presence = {"type": "agent_presence_changed", "agent": "ana", "presence": "grace", "presence_before": "connected"}
    found = fold(ANA, status, presence)
    assert not found.faults
    assert found.agents["ana"] == AgentFact("busy", "grace", ("*",), ("support",), 4, 2)


def test_a_raised_flag_is_a_fact_until_it_is_down() -> None:
    assert fold(ANA, FLAG).agents["ana"].flag == FlagFact(5, "one")
    assert fold(ANA, FLAG, FLAG | {"type": "flag_lowered"}).agents["ana"].flag is None


def test_an_agent_is_kept_for_a_case_until_it_is_told() -> None:
    kept = fold(ANA, QUEUED, KEPT)
    assert (kept.agents["ana"].reserved_case, kept.cases["one"].reserved_agent) == ("one", "ana")
    offered = fold(ANA, QUEUED, KEPT, OFFERED, LET_GO)
    assert (offered.agents["ana"].reserved_case, offered.cases["one"].reserved_agent) == ("", "")
    assert not kept.faults
    assert not offered.faults


def test_cases_are_counted_by_channel() -> None:
    assert fold(ANA | {"limits": {"case": 1}}, QUEUED, OFFERED).agents["ana"].channel_cases == {"case": 1}
    assert fold(*LIFE).agents["ana"].channel_cases == {}


def test_a_fact_survives_its_encoding() -> None:
    found = fold(*LIFE[:4], FLAG)
    for fact in (found.cases["one"], found.agents["ana"]):
        assert msgspec.json.decode(msgspec.json.encode(fact), type=type(fact)) == fact


GONE: dict[str, Any] = {"type": "agent_removed", "agent": "ana"}
KEPT: dict[str, Any] = {"type": "agent_reserved", "agent": "ana", "case": "one", "queue": "support"}
LET_GO = KEPT | {"type": "reservation_ended"}
FLAG: dict[str, Any] = {"type": "flag_raised", "agent": "ana", "at_ms": 5, "case": "one"}
FULL = ANA | {"interruptible_capacity": 0}
FAULTS: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "an entry is missing": ([ANA, QUEUED | {"log_seq": 3}], ["log_gap"]),
    "an entry comes twice": ([ANA, QUEUED, OFFERED | {"log_seq": 2}], ["log_gap"]),
    "a revision is missing": ([ANA, QUEUED, OFFERED | {"revision": 3}], ["revision"]),
    "a new case does not begin at one": ([QUEUED | {"revision": 2}], ["revision"]),
    "the state before is another": ([ANA, QUEUED, OFFERED | {"state_before": "active"}], ["state_before"]),
    "the owner before is another": ([ANA, QUEUED, OFFERED | {"owner_before": "agent:bo"}], ["owner_before"]),
    "the agent before is another": ([ANA, BO, QUEUED, OFFERED, ACCEPTED | {"agent_before": "bo"}], ["agent_before"]),
    "the queue before is another": ([ANA, QUEUED, OFFERED | {"queue_before": "billing"}], ["queue_before"]),
    "nobody knows the case": ([ANA, OFFERED], ["unknown_case"]),
    "an ended case goes on": ([*LIFE, OFFERED], ["unknown_case"]),
    "a live case arrives again": ([ANA, QUEUED, QUEUED | {"revision": 2}],
                                  ["state_before", "owner_before", "transition", "baton"]),
    "nobody knows the agent": ([QUEUED, OFFERED], ["unknown_agent", "over_capacity"]),
    "nobody knows the agent of a status": ([{"type": "agent_status_changed", "agent": "ana"}], ["unknown_agent"]),
    "two owners": ([ANA, BO, QUEUED, OFFERED, ACCEPTED | {"owner": "agent:bo"}], ["owner"]),
    "an owner who is not the queue": ([ANA, QUEUED, OFFERED | {"owner": "agent:ana"}], ["owner"]),
    "a step that the life does not have": ([ANA, QUEUED, ACCEPTED | {"revision": 2, "state_before": "waiting",
                                                                     "agent_before": ""}],
                                           ["transition"]),
    "an event leads elsewhere": ([ANA, QUEUED, OFFERED, ACCEPTED | {"state": "wrapping"}], ["state"]),
    "a case waits in somebody's hands": ([QUEUED | {"agent": "ana"}], ["agent", "unknown_agent", "over_capacity"]),
    "the baton stays in a new hand": ([ANA, QUEUED, OFFERED | {"baton": "b1"}], ["baton"]),
    "the claimed load is not the sum": ([ANA, QUEUED, OFFERED | {"held": [{"agent": "ana", "primary": 0,
                                                                            "interruptible": 2, "offers": 1}]}],
                                        ["held"]),
    "the account of a wait is not its length": (
        [ANA, QUEUED | {"queued_at_ms": 1000}, OFFERED, ACCEPTED | {"at_ms": 1500, "waited": {"offered": 400}}],
        ["waited"]),
    "nobody knows the agent who is kept": ([QUEUED, KEPT], ["unknown_agent"]),
    "an agent is kept for what does not wait": ([ANA, QUEUED, OFFERED, KEPT], ["reserved"]),
    "an agent is kept twice": ([ANA, QUEUED, KEPT, KEPT], ["reserved", "reserved"]),
    "a case keeps a second agent": ([ANA, BO, QUEUED, KEPT, KEPT | {"agent": "bo"}], ["reserved"]),
    "nobody was kept": ([ANA, QUEUED, LET_GO], ["reserved", "reserved"]),
    "who is removed is kept": ([ANA, QUEUED, KEPT, GONE | {"status_before": "online",
                                                             "presence_before": "connected"}], ["reserved"]),
    "an agent is given more of a channel than its limit": ([ANA | {"limits": {"case": 0}}, QUEUED, OFFERED],
                                                           ["over_capacity"]),
    "an agent is given more than fits": ([FULL, QUEUED, OFFERED], ["over_capacity"]),
    "the presence before is another": ([ANA, {"type": "agent_presence_changed", "agent": "ana", "presence": "gone",
                                              "presence_before": "grace"}], ["presence_before"]),
    "the status before is another": ([ANA, {"type": "agent_status_changed", "agent": "ana", "status": "busy",
                                            "status_before": "offline"}], ["status_before"]),
    "the label before is another": ([ANA, {"type": "agent_status_changed", "agent": "ana", "status": "busy",
                                           "status_before": "online", "label": "busy", "label_before": "lunch"}],
                                    ["label_before"]),
    "an update tells another status": ([ANA, ANA | {"status": "busy"}], ["status"]),
    "who is removed still has a case": ([*LIFE[:3], GONE | {"status_before": "online",
                                                            "presence_before": "connected"}], ["held"]),
    "who is removed was another": ([ANA, GONE], ["status_before", "presence_before"]),
    "nobody knows who is removed": ([GONE], ["unknown_agent"]),
    "a case is reopened that was cancelled": (
        [QUEUED | {"type": "case_reopened", "revision": 5, "state_before": "cancelled"}], ["state_before"]),
    "a live case is reopened": ([ANA, QUEUED, QUEUED | {"type": "case_reopened", "revision": 2, "baton": "b2",
                                                        "state_before": "waiting", "owner_before": "queue:support"}],
                                ["transition"]),
    "a transfer has no target": ([ANA, QUEUED, OFFERED, ACCEPTED, RUNG | {"target": "", "held": []}], ["target"]),
    "the target before is another": ([ANA, BO, QUEUED, OFFERED, ACCEPTED, RUNG, FAILED | {"target_before": "cy"}],
                                     ["target_before"]),
    "a case moves on while its transfer rings": ([ANA, BO, QUEUED, OFFERED, ACCEPTED, RUNG,
                                                  CLOSED | {"revision": 5, "target_before": "bo"}], ["target"]),
    "somebody else accepts a transfer": ([ANA, BO, BO | {"agent": "cy"}, QUEUED, OFFERED, ACCEPTED, RUNG, TRANSFERRED
                                          | {"agent": "cy", "owner": "agent:cy", "held": []}], ["agent"]),
    "the targets load is not the sum": ([ANA, BO, QUEUED, OFFERED, ACCEPTED, RUNG | {"held": [
        {"agent": "bo", "primary": 0, "interruptible": 0, "offers": 1}]}], ["held"]),
    "a full target": ([ANA, FULL | {"agent": "bo"}, QUEUED, OFFERED, ACCEPTED, RUNG], ["over_capacity"]),
    "a flag is raised twice": ([ANA, FLAG, FLAG], ["flag"]),
    "a flag is answered that is not up": ([ANA, FLAG | {"type": "flag_answered"}], ["flag"]),
    "a type nobody knows": ([{"type": "case_sneezed"}], ["unknown_event"]),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_contradiction_is_found(what: str) -> None:
    events, codes = FAULTS[what]
    assert [fault.code for fault in fold(*events).faults] == codes


def test_an_override_explains_what_comes_in_above_capacity_and_is_told_only_of_that() -> None:
    assigned = ACCEPTED | {
        "type": "case_assigned",
        "revision": 2,
        "state_before": "waiting",
        "agent_before": "",
        "owner_before": "queue:support",
    }
    assert not fold(FULL, QUEUED, assigned | {"over_capacity": True}).faults
    assert [fault.code for fault in fold(FULL, QUEUED, assigned).faults] == ["over_capacity"]
    assert [fault.code for fault in fold(ANA, QUEUED, assigned | {"over_capacity": True}).faults] == ["over_capacity"]


def test_a_closed_case_that_is_reopened_lives_on_at_its_next_revision() -> None:
    reopened = QUEUED | {"type": "case_reopened", "revision": 5, "baton": "b5", "state_before": "closed"}
    found = fold(*LIFE, reopened)
    assert not found.faults
    assert (found.cases["one"].state, found.cases["one"].revision) == ("waiting", 5)


def test_a_transfer_between_agents_holds_both_until_it_is_answered() -> None:
    rung = fold(ANA, BO, QUEUED, OFFERED, ACCEPTED, RUNG)
    assert (rung.agents["ana"].held_interruptible, rung.agents["bo"].held_interruptible) == (1, 1)
    assert (rung.cases["one"].owner, rung.agents["bo"].offers) == ("agent:ana", 1)
    accepted = fold(ANA, BO, QUEUED, OFFERED, ACCEPTED, RUNG, TRANSFERRED)
    assert (accepted.cases["one"].owner, accepted.agents["bo"].offers) == ("agent:bo", 0)
    failed = fold(ANA, BO, QUEUED, OFFERED, ACCEPTED, RUNG, FAILED)
    assert (failed.cases["one"].owner, failed.agents["bo"].held_interruptible) == ("agent:ana", 0)
    assert [found.faults for found in (rung, accepted, failed)] == [[], [], []]


def test_lowered_capacity_explains_what_stands_above_it() -> None:
    found = fold(*LIFE[:3], ANA | {"capacity": 0, "interruptible_capacity": 0}, ACCEPTED)
    assert not found.faults
    assert found.agents["ana"].held_interruptible > found.agents["ana"].interruptible_capacity


def test_one_fault_is_reported_once() -> None:
    found = fold(ANA, QUEUED, OFFERED | {"revision": 5}, ACCEPTED | {"revision": 6}, CLOSED | {"revision": 7})
    assert [fault.code for fault in found.faults] == ["revision"]


async def test_every_event_of_a_real_run_folds_into_the_live_state(engine: Engine) -> None:
    await engine.add_agent("ana", queues=["support", "pool"], room=2)
    await engine.add_agent("bo", capacity=2, room=0)
    await engine.submit("one")
    await engine.submit("two", channel="chat", priority=1)
    await engine.act("ana", "accept", "one")
    await engine.set_agent("ana", capacity=9)
    await engine.act("ana", "transfer", "one", queue="pool")
    await engine.act("ana", "take", "one")
    await engine.steer("supervisor", "cancel", "one", reason="withdrawn")
    await engine.disconnect("bo")
    await engine.advance(by=30)

    found = await fold_of(engine)
    assert not found.faults
    for name, fact in found.cases.items():
        live = await engine.case(name)
        assert {"state": fact.state, "owner": fact.owner, "baton": fact.baton}.items() <= live.items()
    for name, agent in found.agents.items():
        shown = (await engine.agent(name))["agent"]
        assert json.loads(msgspec.json.encode(agent)).items() <= shown.items()


async def fold_of(engine: Engine) -> Fold:
    """The whole log, folded."""
    found = Fold()
    async for entry in read_after(engine.store.redis, engine.workspace, "0-0"):
        found.apply(read_event(entry))
    return found


@settings(max_examples=200)
@given(st.permutations(range(len(LIFE))))
def test_only_one_order_of_a_life_is_free_of_faults(order: list[int]) -> None:
    """Renumbered, so that what betrays a wrong order is the story itself."""
    found = fold(*(LIFE[i] for i in order))
    ends_well = order == list(range(len(LIFE)))
    # The agent may also turn up between arrival and offer: nothing needs her before.
    ends_well = ends_well or order == [1, 0, 2, 3, 4]
    assert bool(found.faults) != ends_well


def test_an_entry_that_is_no_event_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_event(Entry("1-0", 1, (), b'{"type":"case_queued"}'))
