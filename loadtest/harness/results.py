"""What a run leaves: one JSON file with everything, a page to read, and charts; with what was measured on what."""

import os
import platform
import subprocess
import timeit
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from loadtest import report
from loadtest.harness.charts import Chart, Line, draw
from loadtest.harness.metrics import LATENCIES, METRICS, Readings, Value, by_second, histograms, missed
from loadtest.harness.usage import OTHER, Sample, Usage
from loadtest.histogram import Histogram
from loadtest.scenario import Scenario

DIRECTORY = Path(__file__).parents[1] / "results"
FILE = "result.json"
RATES = ("submit", "offered", "complete")
ON_PAGE = ("submit", "offer", "accept", "complete", "life", "send_lag", "back")


class Series(Struct):
    """What happened when: counts by the second of the load, and the offers' percentiles of those due in each."""

    rates: dict[str, dict[int, int]]
    offers: dict[int, dict[str, float | None]]
    usage: dict[str, list[Sample]]


class Result(Struct):
    """One run. `histograms` are HDR histograms of microseconds, in their usual encoding."""

    scenario: Scenario
    at: str
    commit: str
    versions: dict[str, Any]
    hardware: dict[str, Any]
    yardstick_ms: float
    value: Value
    missed: list[str]
    details: dict[str, Any]
    histograms: dict[str, str]
    series: Series

    @property
    def is_met(self) -> bool:
        """Were all objectives met?"""
        return not self.missed


class ResultFault(Exception):
    """A result that cannot be read; the sentence names it."""


def commit() -> str:
    """Which sources these are: the commit, and whether something was changed since; empty outside of a repository."""
    here = Path(__file__).parent

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=here, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
        return git("rev-parse", "HEAD") + changed
    except FileNotFoundError:  # no git
        return ""


def yardstick_ms() -> float:
    """How long a fixed piece of work takes here and now, the best of some: it tells a slower or a busier machine."""
    return round(min(timeit.repeat(lambda: sum(range(1_000_000)), number=1, repeat=9)) * 1000, 1)


def hardware() -> dict[str, Any]:
    """What it ran on."""
    cpu = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(pages / 2**30, 1),
        "kernel": f"{platform.system()} {platform.release()}",
    }


def summarise(scenario: Scenario, readings: Readings, value: Value, usage: Usage) -> Result:
    """All of a run, with its verdict."""
    verification = readings.verification
    counts: dict[str, int] = {}
    for one in readings.measured:
        for name, count in one.counts.items():
            counts[name] = counts.get(name, 0) + count
    seconds = sorted({second for one in readings.measured for second in one.offers})
    return Result(
        scenario=scenario,
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        commit=commit(),
        versions=report.versions(),
        hardware=hardware(),
        yardstick_ms=readings.yardstick_ms,
        value=value,
        missed=missed(value, scenario.at_most, scenario.at_least),
        details={
            "counts": dict(sorted(counts.items())),
            "told": dict(verification.told),
            "open": dict(verification.found.open),
            "acknowledged": verification.acknowledged,
            "first_violations": verification.first_violations,
            "clients": readings.clients,
        },
        histograms={name: found.encode() for name, found in histograms(readings.measured).items()},
        series=Series(
            rates={name: dict(sorted(by_second(readings.measured, name).items())) for name in RATES},
            offers={second: _offers_of(readings, second) for second in seconds},
            usage=usage.samples,
        ),
    )


def _offers_of(readings: Readings, second: int) -> dict[str, float | None]:
    merged = Histogram()
    for one in readings.measured:
        if second in one.offers:
            merged.add(one.offers[second])
    return merged.in_ms()


def keep(result: Result, directory: Path) -> Path:
    """Write a run down in a directory of its own; which that is."""
    stamp = result.at.replace(":", "").replace("-", "")
    place = directory / f"{result.scenario.name}-{stamp}"
    place.mkdir(parents=True)
    (place / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1))
    charts = _charts(result)
    for name, chart in charts.items():
        (place / f"{name}.svg").write_text(draw(chart))
    (place / "report.md").write_text(page(result, list(charts)))
    return place


def read(path: Path) -> Result:
    """Read what `keep` wrote: the file or its directory. Raises ResultFault."""
    file = path / FILE if path.is_dir() else path
    try:
        return msgspec.json.decode(file.read_bytes(), type=Result)
    except (OSError, msgspec.DecodeError) as error:
        raise ResultFault(f"{file}: {error}") from error


# -- the page ----------------------------------------------------------------------------------------------------------


def page(result: Result, charts: list[str]) -> str:
    """The run as Markdown."""
    scenario = result.scenario
    verdict = "met" if result.is_met else "**missed**: " + "; ".join(result.missed)
    parts = [
        f"# {scenario.name}",
        f"{scenario.says}\n",
        f"{result.at} · objectives {verdict}\n",
        *_objectives(result),
        "\n## Latencies (ms)\n",
        *_latencies(result.value),
        "\n## Figures\n",
        *_figures(result.value),
        "",
        *(f"![{name}]({name}.svg)\n" for name in charts),
        "## Run\n",
        *_rows(("", ""), [(name, str(text)) for name, text in _told(result).items()]),
        "\n```json",
        msgspec.json.format(msgspec.json.encode(scenario), indent=1).decode(),
        "```\n",
    ]
    return "\n".join(parts)


def _rows(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def _objectives(result: Result) -> list[str]:
    limits = [("at most", result.scenario.at_most), ("at least", result.scenario.at_least)]
    rows = [
        (f"`{name}`", _text(result.value.get(name)), f"{which} {limit:g}")
        for which, table in limits
        for name, limit in table.items()
    ]
    return _rows(("objective", "figure", "limit"), rows)


def _latencies(value: Value) -> list[str]:
    quantiles = ("p50", "p90", "p99", "p99.9", "max")
    rows = [
        (f"{name}: {LATENCIES[name]}", *(_text(value.get(f"{name}_{quantile}_ms")) for quantile in quantiles))
        for name in ON_PAGE
        if value.get(f"{name}_max_ms") is not None
    ]
    return _rows(("", *quantiles), rows)


def _figures(value: Value) -> list[str]:
    rows = [
        (f"`{name}`", _text(value[name]), metric.says)
        for name, metric in METRICS.items()
        if name in value and not name.endswith("_ms")
    ]
    return _rows(("figure", "value", ""), rows)


def _told(result: Result) -> Mapping[str, object]:
    return {
        "commit": result.commit,
        **result.versions,
        **result.hardware,
        "yardstick_ms": result.yardstick_ms,
        **result.details,
    }


def _text(figure: float | None) -> str:
    return "" if figure is None else f"{figure:,g}" if figure < 1e6 else f"{figure:,.0f}"


# -- the charts --------------------------------------------------------------------------------------------------------


def _charts(result: Result) -> dict[str, Chart]:
    series = result.series
    offers = series.offers.items()
    return {
        "offers": Chart(
            "From due to offered, of the cases due in each second",
            "ms",
            [Line(q, [(s, ms) for s, found in offers if (ms := found[q]) is not None]) for q in ("p50", "p99", "max")],
        ),
        "rates": Chart("Each second", "", [Line(name, list(counts.items())) for name, counts in series.rates.items()]),
        "cpu": Chart(
            "Processor time, of one core",
            "%",
            [Line(name, [(one.at_s, one.cpu_percent) for one in kind]) for name, kind in series.usage.items()],
        ),
        "memory": Chart(
            "Memory",
            "MiB",
            [
                Line(name, [(one.at_s, one.rss_mib) for one in kind])
                for name, kind in series.usage.items()
                if name != OTHER
            ],
        ),
    }
