"""The registry: every figure by name."""

from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import Struct

from loadtest import (
    bulk,
    classes,
    dashboard,
    failover,
    fanout,
    frames,
    growth,
    history_kill,
    history_rate,
    kill,
    large,
    life,
    memory,
    offer,
    order,
    plans,
    race,
    render,
    report_time,
    scale,
    views,
    why,
)

Measure = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


class Figure(Struct, frozen=True):
    """A figure: `measure(say, **usual)` gives its value; each number in `objective` is the most it may be."""

    name: str
    says: str
    objective: dict[str, float]
    measure: Measure
    usual: dict[str, Any]
    long: dict[str, Any]

    def run(self, say: Callable[[str], None], *, is_long: bool) -> Coroutine[Any, Any, dict[str, Any]]:
        """Measure it; the coroutine gives the value."""
        return self.measure(say, **(self.long if is_long else self.usual))


FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "race",
            "agents on two nodes take one case at the same moment: one wins, every other is told who",
            {"not_one_winner": 0, "misinformed": 0, "violations": 0},
            race.measure,
            {"clients": 200, "rounds": 100},
            {"clients": 200, "rounds": 1000},
        ),
        Figure(
            "offer_500",
            "from due to submit to the offer in the agent's hands at 500 cases/s, one durable node",
            {"p50_ms": 3, "p99_ms": 25, "lost": 0, "failed": 0, "violations": 0},
            offer.measure,
            {"rate": 500, "seconds": 20, "warm_up_s": 5, "agents": 200},
            {"rate": 500, "seconds": 120, "warm_up_s": 10, "agents": 200},
        ),
        Figure(
            "redis_per_life",
            "script time from submit to complete, agent in 1 and in 5 classes, one call at a time",
            {"classes_1_us": 60, "classes_5_us": 90},
            life.measure,
            {"lives": 250, "rounds": 5},
            {"lives": 3000, "rounds": 5},
        ),
        Figure(
            "kill",
            "kill -9 of node and store under load: what was acknowledged is there, what is unknown at most once",
            {"acknowledged_lost": 0, "refused_yet_done": 0, "doubled": 0, "open": 0, "vacuous": 0, "violations": 0},
            kill.measure,
            {"kills": 5, "rate": 300, "agents": 60},
            {"kills": 50, "rate": 300, "agents": 60},
        ),
        Figure(
            "why",
            "why a case waits, asked beside 10,000 agents, and what other commands notice of it",
            {"answer_p50_ms": 100, "commands_p99_ms": 50},
            why.measure,
            {"agents": 10_000, "times": 30},
            {"agents": 10_000, "times": 300},
        ),
        Figure(
            "failover",
            "a Sentinel failover and a cluster primary's death under load: service is back, losses are counted",
            {
                "back_after_failover_ms": 2000,
                "lost_with_replicas_1": 0,
                "lost_that_were_older": 0,
                "vacuous": 0,
                "doubled": 0,
                "refused_yet_done": 0,
                "violations": 0,
            },
            failover.measure,
            {"rate": 200, "agents": 40, "times": 1},
            {"rate": 200, "agents": 40, "times": 10},
        ),
        Figure(
            "fanout",
            "what the store spends on a case while five nodes read the log, as a multiple of that with one",
            {"ratio": 1.3, "behind": 0},
            fanout.measure,
            {"rate": 1000, "seconds": 5, "rounds": 3, "nodes": 5},
            {"rate": 1000, "seconds": 20, "rounds": 9, "nodes": 5},
        ),
        Figure(
            "apply_large",
            "a document of many queues and agents comes into force while cases flow; a faulty one changes nothing",
            {"new_s": 5, "changed_s": 5, "broken_taken": 0, "lost": 0, "failed": 0, "violations": 0},
            large.measure,
            {"queues": 60, "agents": 2000, "rate": 20, "seconds": 15, "workers": 10},
            {"queues": 60, "agents": 2000, "rate": 20, "seconds": 60, "workers": 10},
        ),
        Figure(
            "bulk",
            "a paused queue with 100,000 waiting cases and 2,000 free agents, five cases each, is resumed",
            {"script_max_ms": 5, "drained_s_per_10000": 2, "commands_p99_ms": 50, "unmatched": 0, "violations": 0},
            bulk.measure,
            {"cases": 100_000, "agents": 2000},
            {"cases": 1_000_000, "agents": 2000},
        ),
        Figure(
            "order",
            "random traffic by every rule of choice, judged from the log alone: nobody idle, nobody overtaken",
            {"idle_matches": 0, "overtakings": 0, "ineligible": 0},
            order.measure,
            {"transitions": 15_000},
            {"transitions": 100_000},
        ),
        Figure(
            "history_kill",
            "kill -9 of who writes the history under load: every entry is stored once, and the sums are the log's",
            {"missing": 0, "doubled": 0, "wrong_sums": 0, "vacuous": 0},
            history_kill.measure,
            {"kills": 10, "rate": 200, "kinds": ("sqlite", "postgresql")},
            {"kills": 50, "rate": 200, "kinds": ("sqlite", "postgresql")},
        ),
        Figure(
            "history_rate",
            "how far the history is behind a node that serves 500 cases a second, and what a writer can do alone",
            {"behind_s": 2, "missing": 0},
            history_rate.measure,
            {"rate": 500, "seconds": 15, "agents": 200, "kinds": ("sqlite", "postgresql")},
            {"rate": 500, "seconds": 60, "agents": 200, "kinds": ("sqlite", "postgresql")},
        ),
        Figure(
            "memory",
            "what the store holds after a day with a history: what it held before, and the log of the last hour",
            {"left_of_cases_bytes": 0, "log_beyond_keep": 0},
            memory.measure,
            {"cases": 3000, "agents": 20, "samples": 2000},
            {"cases": 20_000, "agents": 20, "samples": 2000},
        ),
        Figure(
            "growth",
            "script time of a transition in a large workspace, as a multiple of that in a small one",
            {"ratio": 1.5},
            growth.measure,
            {"small": (100, 1000), "large": (2000, 20_000), "lives": 100, "rounds": 9},
            {"small": (100, 1000), "large": (10_000, 100_000), "lives": 300, "rounds": 15},
        ),
        Figure(
            "classes",
            "script time of a life among 1,000 classes of work, by the number that its agent can take",
            {"classes_40_us": 300},
            classes.measure,
            {"counts": [1, 5, 20, 40, 100], "lives": 60, "rounds": 5},
            {"counts": [1, 5, 20, 40, 100], "lives": 500, "rounds": 9},
        ),
        Figure(
            "plans",
            "steps of a plan at their time, every socket closed and one of two nodes killed",
            {"max_late_ms": 1000, "early": 0, "missing": 0, "violations": 0},
            plans.measure,
            {"rounds": 4, "cases": 50},
            {"rounds": 20, "cases": 200},
        ),
        Figure(
            "dashboard",
            "agents change state while supervisors watch them all: from change to frame, and what that costs",
            {"p99_ms": 1000, "wrong": 0, "failed": 0, "more_calls_per_change": 0.5},
            dashboard.measure,
            {"agents": 5000, "rate": 500, "seconds": 10, "supervisors": 20},
            {"agents": 5000, "rate": 500, "seconds": 60, "supervisors": 20},
        ),
        Figure(
            "scale",
            "what a workspace of very many agents costs the store, step by step, and what of it grows",
            {"growth": 3, "still_there": 0},
            scale.measure,
            {"rosters": [1000, 5000]},
            {"rosters": [1000, 20_000, 200_000]},
        ),
        Figure(
            "views",
            "what supervisors' views cost a node: an entry taken in, a frame's change, an agent's memory",
            {"fold_us_per_entry": 10, "team_us_per_change": 2, "overview_bytes_per_agent": 2048},
            views.measure,
            {"agents": 2000, "rounds": 5},
            {"agents": 20_000, "rounds": 15},
        ),
        Figure(
            "render",
            "the pages in Chromium, from the address to all that stands on them, with an empty cache and a full one",
            {"cold_ms": 1000, "warm_ms": 750, "back_ms": 2000, "failed": 0},
            render.measure,
            {"agents": 500, "cases": 200, "rounds": 5, "kills": 3},
            {"agents": 5000, "cases": 2000, "rounds": 20, "kills": 20},
        ),
        Figure(
            "report_time",
            "reports over thirty days, from the rows of quarter hours, on SQLite and on PostgreSQL",
            {"sqlite_s": 5, "postgresql_s": 2},
            report_time.measure,
            {"events": 1_000_000},
            {"events": 10_000_000},
        ),
        Figure(
            "frames",
            "the dashboard in Chromium while agents change state: frames, the longest task, memory",
            {"frame_ms": 33.4, "heap_mb": 150, "still_s": 1, "failed": 0},
            frames.measure,
            {"agents": 2000, "rate": 200, "seconds": 10},
            {"agents": 2000, "rate": 200, "seconds": 60},
        ),
    )
}
