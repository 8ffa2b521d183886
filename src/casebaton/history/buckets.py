"""The buckets of histograms: a tenth of a second wide up to 3.1 s, then sixteen for each doubling, so that none is
wider than 1/16 of where it begins.

Lengths of time count in tenths of a second, rounded up: a bucket's bound is the longest time that lies in it. So a
percentile, the bound of the bucket that holds the k-th smallest, is never too short, and too long by 1/16 and a tenth
of a second at most.
"""

UNIT_MS = 100
_SHIFT = 4  # 2 ** 4 buckets a doubling


def bucket_of(ms: int) -> int:
    """The bucket of a length of time; one below zero counts as zero."""
    units = max(-(-ms // UNIT_MS), 0)
    doublings = max(units.bit_length() - 1 - _SHIFT, 0)
    return (doublings << _SHIFT) + (units >> doublings)


def upper_ms(bucket: int) -> int:
    """The longest time that lies in a bucket."""
    doublings = max((bucket >> _SHIFT) - 1, 0)
    first = bucket - (doublings << _SHIFT)
    return (((first + 1) << doublings) - 1) * UNIT_MS
