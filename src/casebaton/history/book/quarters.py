"""Quarter hours: which one an instant lies in, and how a span of time falls into them."""

from collections.abc import Iterator

from casebaton.history.schema import BLOCK_MS, QUARTER_MS


def quarter_of(at_ms: int) -> int:
    """The first instant of an instant's quarter hour."""
    return at_ms - at_ms % QUARTER_MS


def block_of(at_ms: int) -> int:
    """The first instant of an instant's block of quarter hours."""
    return at_ms - at_ms % BLOCK_MS


def split(from_ms: int, until_ms: int) -> Iterator[tuple[int, int]]:
    """The quarters of a span, with how much of it lies in each."""
    while from_ms < until_ms:
        quarter = quarter_of(from_ms)
        end_ms = min(until_ms, quarter + QUARTER_MS)
        yield quarter, end_ms - from_ms
        from_ms = end_ms
