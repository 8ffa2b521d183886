"""Percentiles of a bounded number of samples, exact: by nearest rank, never interpolated."""

import math
from collections.abc import Sequence

QUANTILES = {"p50": 0.5, "p99": 0.99}


def percentiles(samples: Sequence[float], quantiles: dict[str, float] = QUANTILES) -> dict[str, float | None]:
    """Name the quantiles and the maximum, rounded to two digits; None where there are no samples."""
    ordered = sorted(samples)
    found: dict[str, float | None] = {
        name: round(ordered[max(0, math.ceil(len(ordered) * quantile) - 1)], 2) if ordered else None
        for name, quantile in quantiles.items()
    }
    return {**found, "max": round(ordered[-1], 2) if ordered else None}
