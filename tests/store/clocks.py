"""That nothing is held back without an end: each clock that runs has its timer, each limbo a way out."""

from casebaton.store.fold import Fold
from tests.store.ownership import WORKED_ON
from tests.store.soundness import Ranked, Snapshot, is_sorting


def check_clocks(state: Snapshot, fold: Fold, now: int) -> None:
    """A clock that runs has one timer until its instant, one that was stopped has none."""
    ahead, running = set(), set()
    for name in fold.cases:
        row = state.hash("case")[name]
        assert not (row["first_owner_due"] and row["state"] in WORKED_ON), f"{name}: owned, and still waited for"
        for clock in ("first_owner", "completion"):
            if due := row[f"{clock}_due"]:
                running.add((name, clock, due))
                if int(due) > now:
                    ahead.add((name, clock, due))
    fired = [timer.split(":")[1:] for timer in state.zset("timers") if timer.startswith("target:")]
    timed = [(name, rest.split(".")[0], rest.split(".")[2]) for name, rest in fired]
    assert len(timed) == len(set(timed))
    assert ahead <= set(timed) <= running


def check_timers(state: Snapshot, fold: Fold, alerted: set[str]) -> None:
    """No limbo: whatever holds a case back has a timer that ends it."""
    timers = state.zset("timers")
    for case, pairs in state.ranked.get("cooling", {}).items():
        for agent, until in pairs.items():
            assert timers.get(f"cool:{case}:{agent}") == until, f"{case} cools down for {agent} without an end"
    _check_leaving(state, fold, timers)
    _check_idle(state, fold, timers, alerted)
    wanted = {"dirty": "drain", "again": "drain", "building": "build"}
    for name, kind in state.class_states().items():
        if kind in wanted:
            assert any(timer.startswith(f"{wanted[kind]}:{name}:") for timer in timers), f"{name} stays {kind}"
    for name in state.hash("queue"):
        assert is_sorting(state, name) == (f"sort:{name}:0" in timers)


def _check_leaving(state: Snapshot, fold: Fold, timers: Ranked) -> None:
    """What somebody who is offline or gone still works on is kept by its channel, or on its way back."""
    for name, case in fold.cases.items():
        if case.state not in ("active", "wrapping"):
            continue
        channel, agent = state.config("channel", case.channel), state.hash("agent")[case.agent]
        if agent["status"] == "offline" and channel["on_offline"] == "return":
            is_timed = any(timer.startswith(f"offboard:{case.agent}:") for timer in timers)
            assert is_timed, f"{name} stays with {case.agent}, who is offline"
        if agent["presence"] == "gone" and channel["on_lost"] == "return":
            lost = f"lost:{case.agent}:{agent['presence_at']}/"
            due = [at for timer, at in state.zset("deadlines").items() if timer.startswith(lost)]
            assert due, f"{name} stays with {case.agent}, who is gone"


def _check_idle(state: Snapshot, fold: Fold, timers: Ranked, alerted: set[str]) -> None:
    """Each active case of a channel that says so has one timer to its alert, until that is raised (`alerted`)."""
    watched = {
        f"idle:{name}:{case.baton}"
        for name, case in fold.cases.items()
        if case.state == "active" and name not in alerted
        and int(state.config("channel", case.channel)["idle_alert_ms"])
    }  # fmt: skip
    assert watched == {timer for timer in timers if timer.startswith("idle:")}
