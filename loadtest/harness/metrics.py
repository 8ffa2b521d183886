"""The figures of a run by name: what each is, which way is better, and how much of a change is a change."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from loadtest.generator.recorder import Measured
from loadtest.harness.stage import StoreUse
from loadtest.harness.usage import OTHER, Cost
from loadtest.harness.verify import Verification
from loadtest.histogram import QUANTILES, Histogram, merge
from loadtest.scenario import Scenario

Value = dict[str, float | None]


class Metric(Struct, frozen=True):
    """A figure. One is worse than another when it is more than `tolerance` times it, and by more than `noise`."""

    says: str
    better: Literal["less", "more"] = "less"
    tolerance: float = 1.0
    noise: float = 0.0


LATENCIES = {
    "submit": "from the instant a case was due to its acknowledgement",
    "offer": "from the instant a case was due to its first offer in an agent's hands",
    "accept": "from the instant an offer was to be accepted to the reply",
    "decline": "from the instant an offer was to be declined to the reply",
    "complete": "from the instant a case was to be completed to the reply",
    "life": "from the instant a case was due to the reply to its completion",
    "send_lag": "by how much the generator itself was late to submit; part of the others",
    "back": "from the loss of a socket to the next welcome",
}
# Who has lost a socket comes back after a random part of half a second, or of more the next time.
_CHANCE_MS = {"back": 500.0}
_TOLERANCES = {"p50": (1.3, 0.5), "p90": (1.4, 1.0), "p99": (1.5, 5.0), "p99.9": (2.0, 10.0), "max": (3.0, 50.0)}

METRICS: dict[str, Metric] = {
    f"{name}_{quantile}_ms": Metric(f"{says}, {quantile}", tolerance=tolerance, noise=_CHANCE_MS.get(name, noise))
    for name, says in LATENCIES.items()
    for quantile, (tolerance, noise) in _TOLERANCES.items()
} | {
    "submitted_per_s": Metric("submits acknowledged a second", "more", 1.1),
    "offered_per_s": Metric("offers seen a second", "more", 1.1),
    "lives_per_s": Metric("cases completed a second", "more", 1.1),
    "cases": Metric("cases that the log knows", "more", 1.5),
    "violations": Metric("what the audit found"),
    "acknowledged_lost": Metric("commands that were acknowledged and had no effect"),
    "refused_yet_done": Metric("commands that were only refused and had an effect"),
    "doubled": Metric("commands with more than one effect"),
    "unasked": Metric("effects that nobody asked for"),
    "two_owners": Metric("events that do not go on from who had the case"),
    "batons_twice": Metric("batons that were minted twice"),
    "offers_lost": Metric("offers that rang to their end unseen at an agent who was there"),
    "falsely_revoked": Metric("offers taken back as their agent's loss before the grace rule lets them"),
    "expired": Metric("offers that rang to their end"),
    "revoked": Metric("offers taken back"),
    "open": Metric("cases that had not ended when the run did"),
    "unserved": Metric("cases that were due and had not ended when the run did"),
    "refused": Metric("refusals of any kind"),
    "given_up": Metric("commands without an answer for 10 s"),
    "seq_gaps": Metric("gaps in the numbers of a connection's events"),
    "not_back": Metric("clients who were not connected at the end"),
    "thrown_off": Metric("sockets that were lost on purpose", "more", 2.0),
    "cut_off": Metric("clients who read nothing and lost their sockets for it", "more", 2.0),
    "generator_faults": Metric("errors of the generator itself: the run is not valid"),
    "node_cpu_percent": Metric("all nodes, of one core", tolerance=1.15, noise=3),
    "store_cpu_percent": Metric("the store, of one core", tolerance=1.15, noise=3),
    "server_cpu_percent": Metric("nodes and store together, of one core", tolerance=1.15, noise=3),
    "generator_cpu_percent": Metric("all generators, of one core", tolerance=1.5, noise=10),
    "other_cpu_percent": Metric("whatever else the machine did, of one core", tolerance=math.inf),
    "node_rss_mib": Metric("the nodes' memory, at most while measuring", tolerance=1.2, noise=10),
    "store_rss_mib": Metric("the store's memory, at most while measuring", tolerance=1.2, noise=10),
    "node_peak_mib": Metric("the nodes' memory, at most ever", tolerance=1.3, noise=10),
    "store_peak_mib": Metric("the store's memory, at most ever", tolerance=1.3, noise=10),
    "node_growth_mib": Metric("by how much the nodes' memory grew under the load", tolerance=1.5, noise=20),
    "node_kib_per_client": Metric("the nodes' memory that the clients' coming cost, each", tolerance=1.1, noise=1),
    "node_us_per_life": Metric("the nodes' processor time for a completed case", tolerance=1.15, noise=10),
    "script_us_per_life": Metric("the store's script time for a completed case", tolerance=1.15, noise=5),
    "scripts_per_s": Metric("scripts that the store runs", tolerance=1.15, noise=20),
    "journal_bytes_per_s": Metric("what the store writes to its journal", tolerance=1.15, noise=1024),
}

LAWS = (
    "violations",
    "acknowledged_lost",
    "refused_yet_done",
    "doubled",
    "unasked",
    "two_owners",
    "batons_twice",
    "offers_lost",
    "falsely_revoked",
    "seq_gaps",
    "generator_faults",
)
"""The figures that must be 0 in every scenario, whatever goes wrong in it."""


class Readings(Struct):
    """What a run was read off: `node_kib` before anybody came, when all were there and at the end."""

    measured: list[Measured]
    costs: dict[str, Cost]
    store: StoreUse
    verification: Verification
    clients: int
    connected: int
    node_kib: tuple[float, float, float]
    yardstick_ms: float


def histograms(measured: list[Measured]) -> dict[str, Histogram]:
    """All processes' histograms, merged by name."""
    names = {name for one in measured for name in one.histograms}
    return {name: merge(one.histograms[name] for one in measured if name in one.histograms) for name in sorted(names)}


def by_second(measured: list[Measured], name: str) -> dict[int, int]:
    """How often something was counted in each second of the load, by all processes together."""
    total: dict[int, int] = {}
    for one in measured:
        for second, count in one.seconds.get(name, {}).items():
            total[second] = total.get(second, 0) + count
    return total


def value(scenario: Scenario, readings: Readings) -> Value:
    """All figures of a run."""
    return dict(
        [
            *_latencies(readings),
            *_counts(readings),
            *_verdicts(readings.verification),
            *_costs(readings.costs),
            ("unserved", _unserved(scenario, readings)),
            *_per_life(scenario, readings),
        ]
    )


Pairs = Iterator[tuple[str, float | None]]


def _latencies(readings: Readings) -> Pairs:
    found = histograms(readings.measured)
    for name in LATENCIES:
        nothing = dict.fromkeys([*QUANTILES, "max"])
        for quantile, ms in (found[name].in_ms() if name in found else nothing).items():
            yield f"{name}_{quantile}_ms", ms


def _counts(readings: Readings) -> Pairs:
    def count(name: str) -> int:
        return sum(one.counts.get(name, 0) for one in readings.measured)

    refusals = {name for one in readings.measured for name in one.counts if name.startswith("refused:")}
    yield "refused", sum(count(name) for name in refusals)
    yield "not_back", readings.clients - readings.connected
    for name in ("given_up", "seq_gaps", "thrown_off", "cut_off", "generator_faults"):
        yield name, count(name)


def _verdicts(verification: Verification) -> Pairs:
    verdict, found = verification.verdict, verification.found
    yield "violations", verification.violations
    yield "acknowledged_lost", verdict.acknowledged_lost
    yield "refused_yet_done", verdict.refused_yet_done
    yield "doubled", verdict.doubled
    yield "unasked", verdict.unasked
    yield "open", found.open.total()
    for name in ("cases", "two_owners", "batons_twice", "offers_lost", "falsely_revoked", "expired", "revoked"):
        yield name, getattr(found, name)


def _unserved(scenario: Scenario, readings: Readings) -> int:
    """By the log, not by what clients heard: a command whose answer was lost may have been done all the same."""
    sent = sum(one.counts.get("sent", 0) for one in readings.measured)
    found = readings.verification.found
    return sent + scenario.backlog - (found.cases - found.open.total())


def _costs(costs: Mapping[str, Cost]) -> Pairs:
    for name, cost in costs.items():
        yield f"{name}_cpu_percent", cost.cpu_percent
        if name not in ("generator", OTHER):
            yield f"{name}_rss_mib", cost.rss_mib
            yield f"{name}_peak_mib", cost.peak_mib
    yield "server_cpu_percent", round(costs["node"].cpu_percent + costs["store"].cpu_percent, 1)


def _per_life(scenario: Scenario, readings: Readings) -> Pairs:
    seconds = scenario.seconds - scenario.warm_up_s
    whole = range(math.ceil(scenario.warm_up_s), math.floor(scenario.seconds))

    def per_s(name: str) -> float:
        counts = by_second(readings.measured, name)
        return sum(counts.get(second, 0) for second in whole) / max(1, len(whole))

    lives = per_s("complete")
    before, ready, after = readings.node_kib
    store = readings.store
    yield "submitted_per_s", round(per_s("submit"), 1)
    yield "offered_per_s", round(per_s("offered"), 1)
    yield "lives_per_s", round(lives, 1)
    yield "scripts_per_s", _ratio(store.scripts, seconds)
    yield "journal_bytes_per_s", _ratio(store.journal_bytes, seconds)
    yield "node_growth_mib", round((after - ready) / 1024, 1)
    yield "node_kib_per_client", _ratio(ready - before, readings.clients)
    yield "node_us_per_life", _ratio(readings.costs["node"].cpu_percent * 1e4, lives)
    yield "script_us_per_life", _ratio(store.script_us, lives * seconds)


def _ratio(what: float | None, per: float) -> float | None:
    return round(what / per, 1) if what is not None and per else None


def missed(value: Value, at_most: Mapping[str, float], at_least: Mapping[str, float]) -> list[str]:
    """The laws and the objectives that do not hold, each in words. A figure that is not there holds nothing."""
    limits = dict.fromkeys(LAWS, 0.0) | dict(at_most)
    return [
        *(_broken(value, name, "at most", most) for name, most in limits.items() if not _is(value, name, most=most)),
        *(_broken(value, name, "at least", at) for name, at in at_least.items() if not _is(value, name, least=at)),
    ]


def verdict(missed: Sequence[str]) -> str:
    """How a run went, from what `missed` says of it, in a line."""
    broken = [what for what in missed if what.split()[0] in LAWS]
    objectives = len(missed) - len(broken)
    return f"objectives {f'missed: {objectives}' if objectives else 'met'}, laws broken: {len(broken) or 'none'}"


def _is(value: Value, name: str, *, most: float = math.inf, least: float = -math.inf) -> bool:
    figure = value.get(name)
    return figure is not None and least <= figure <= most


def _broken(value: Value, name: str, which: str, limit: float) -> str:
    return f"{name} is {value.get(name)}, {which} {limit:g}"
