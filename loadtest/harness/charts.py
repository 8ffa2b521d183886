"""Line charts as SVG, over the seconds of a run."""

import math
from collections.abc import Iterator
from html import escape

from msgspec import Struct

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 56
COLOURS = ("#2563eb", "#d97706", "#059669", "#7c3aed")
TICKS = 5


class Line(Struct, frozen=True):
    """A named line through points, in order."""

    name: str
    points: list[tuple[float, float]]


class Chart(Struct, frozen=True):
    """Lines over the same seconds, in the same unit."""

    title: str
    unit: str
    lines: list[Line]


class _Scale(Struct, frozen=True):
    """From values to places on the page."""

    least: float
    most: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        return round(self.begin + (value - self.least) / (self.most - self.least) * (self.end - self.begin), 1)


def step_of(span: float) -> float:
    """A round step (1, 2 or 5 times a power of ten) that divides a span into at most five."""
    rough = span / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough)


def draw(chart: Chart) -> str:
    """The chart as an SVG document."""
    points = [point for line in chart.lines for point in line.points]
    first = min((x for x, _ in points), default=0.0)
    last = max((x for x, _ in points), default=1.0)
    highest = max((y for _, y in points), default=0.0) or 1.0
    up = step_of(highest)
    across = _Scale(first, max(last, first + 1), LEFT, WIDTH - RIGHT)
    upward = _Scale(0.0, math.ceil(highest / up) * up, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _word(LEFT, 20, chart.title, size=13),
        *_grid(across, upward, up, chart.unit),
        *_lines(chart, across, upward),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _word(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "#111", size: int = 11) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">{escape(text)}</text>'


def _grid(across: _Scale, upward: _Scale, up: float, unit: str) -> Iterator[str]:
    for number in range(round(upward.most / up) + 1):
        y = upward(number * up)
        yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>'
        yield _word(LEFT - 6, y + 4, f"{number * up:,g} {unit}".strip(), anchor="end", colour="#555")
    step = step_of(across.most - across.least)
    at = math.ceil(across.least / step) * step
    while at <= across.most:
        yield _word(across(at), HEIGHT - BOTTOM + 16, f"{at:g} s", anchor="middle", colour="#555")
        at += step


def _lines(chart: Chart, across: _Scale, upward: _Scale) -> Iterator[str]:
    for number, line in enumerate(chart.lines):
        colour = COLOURS[number % len(COLOURS)]
        path = "L".join(f"{across(x)} {upward(y)}" for x, y in line.points)
        if path:
            yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        yield _word(LEFT + 110 * number, HEIGHT - 12, f"— {line.name}", colour=colour)
