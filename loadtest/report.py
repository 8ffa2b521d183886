"""The one line that a figure ends in."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from casebaton import __version__
from casebaton.replay.percentiles import percentiles
from casebaton.store.embedded import find_server

QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999}


class Skipped(Exception):
    """This machine lacks what the figure is measured with; the text says what."""


def in_ms(seconds: Sequence[float]) -> dict[str, float | None]:
    """Percentiles of durations, in milliseconds."""
    return percentiles([each * 1000 for each in seconds], QUANTILES)


def versions() -> dict[str, str | int | None]:
    """What was measured, and on what."""
    store = subprocess.run([find_server(), "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "casebaton": __version__,
        "python": platform.python_version(),
        "store": " ".join(store.split()[:3]),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def is_met(value: Mapping[str, Any], objective: Mapping[str, float]) -> bool:
    """Is every figure that has an objective there, and at most as great?"""
    return all(value[name] is not None and value[name] <= most for name, most in objective.items())


def line(name: str, value: Mapping[str, Any], objective: Mapping[str, float]) -> str:
    """The JSON line."""
    found = {"figure": name, "value": value, "objective": objective, "met": is_met(value, objective)}
    return json.dumps({**found, "versions": versions()}, separators=(",", ":"))
