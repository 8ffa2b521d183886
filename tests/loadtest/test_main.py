from click.testing import CliRunner

from loadtest.__main__ import main
from loadtest.figures import FIGURES


def test_list_names_every_figure_with_its_objective() -> None:
    said = CliRunner().invoke(main, ["list"]).output
    assert said.index("Figures, ") < said.index("offer_500") < said.index("Scenarios, ") < said.index("smoke ")
    for figure in FIGURES.values():
        assert figure.name in said
        assert all(f"{name} <= {most:g}" in said for name, most in figure.objective.items())


def test_an_unknown_figure_is_refused_with_the_names_there_are() -> None:
    result = CliRunner().invoke(main, ["figure", "speed"])
    assert result.exit_code == 2
    assert "offer_500" in result.output
