"""A document as TOML says what the document says, and of defaults nothing unless it is asked."""

import tomllib
from pathlib import Path

import pytest

from casebaton.demo import play
from casebaton.workspace.document import Document, canonical, parse
from casebaton.workspace.toml import to_toml
from tests.engine import BASIC

DEMO = (Path(play.__file__).parent / "workspace.toml").read_text()
RICH = """skills = ["german"]
[channels.case]
[channels."a.b"]
[queues.pool]
hours = "office"
plan = "relax"
skills = {german = 3}
[plans.relax]
steps = [{after_s = 600, open_tier = 1}, {after_s = 900, drop_skills = true}]
[[skill_rules]]
field = "data.language"
value = "de \\" \\u007f"
skills = {german = 2}
[hours.office]
zone = "Europe/Berlin"
week = {mon = ["09:00-17:00"]}
holidays = [2026-12-25]
[hours.office.extra]
2026-12-24 = ["09:00-12:00"]
[workspace]
dispositions = ["sold", "not sold"]
[alerts.crowd]
waiting_above = 3
[statuses.lunch]
kind = "busy"
"""


@pytest.mark.parametrize("text", [BASIC, DEMO, RICH])
@pytest.mark.parametrize("whole", [True, False])
def test_it_says_what_the_document_says(text: str, whole: bool) -> None:
    document = parse(text)
    assert canonical(parse(to_toml(document, whole=whole))) == canonical(document)


def test_of_defaults_it_says_nothing_unless_all_is_wanted() -> None:
    document = parse("[channels.case]\n[queues.pool]\nlength_limit = 7\n[queues.other]\n")
    assert to_toml(document) == "[channels.case]\n\n[queues.pool]\nlength_limit = 7\n\n[queues.other]\n"
    assert tomllib.loads(to_toml(document, whole=True))["queues"]["other"]["length_limit"] == 0


def test_what_has_to_be_there_is_there_when_it_is_empty() -> None:
    assert to_toml(Document(channels={}, queues={})) == "[channels]\n\n[queues]\n"
