from xml.etree import ElementTree

import pytest

from loadtest.harness.charts import Chart, Line, draw, step_of


@pytest.mark.parametrize(("span", "step"), [(1, 0.2), (4, 1), (5, 1), (7, 2), (35, 10), (0.04, 0.01), (12_000, 5000)])
def test_steps_are_round_and_few(span: float, step: float) -> None:
    assert step_of(span) == pytest.approx(step)
    assert span / step_of(span) <= 5


def test_a_chart_is_a_document_with_a_line_and_a_name_for_each_series() -> None:
    lines = [Line("p50 <&>", [(0, 1), (1, 3.5)]), Line("p99", [(0, 2), (1, 40)])]
    root = ElementTree.fromstring(draw(Chart("Offers", "ms", lines)))
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Offers", "— p50 <&>", "— p99", "40 ms", "0 s"} <= set(words)
    paths = [path for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("fill") == "none"]
    assert len(paths) == 2


@pytest.mark.parametrize("lines", [[], [Line("nothing", [])], [Line("one", [(3, 0)])]])
def test_a_chart_of_hardly_anything_can_be_drawn(lines: list[Line]) -> None:
    ElementTree.fromstring(draw(Chart("Empty", "", lines)))
