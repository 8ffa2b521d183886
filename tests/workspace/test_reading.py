"""What is refused of a text before its values are looked at."""

import tracemalloc

import pytest

from casebaton.errors import CasebatonError, Invalid
from casebaton.workspace import document
from casebaton.workspace.reading import read_toml

DEEP = "x." * 30_000 + "y"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{DEEP} = 1", 1),
        (f"a = 1\n[{DEEP}]", 2),
        (f"a = 1\n\n[[{DEEP}]]", 3),
        (f"a = {{b = 1, {DEEP} = 1}}", 1),
        (f"a = {{b = '''it''''', {DEEP} = 1}}", 1),
        (f'a = {{b = "\\"#", {DEEP} = 1}}', 1),
        (f'a = """\n\\""" # \n"""""\n{DEEP} = 1', 4),
        ("a.b . \"c\".'d'\t.e.f.g.h.i = 1", 1),
        ("".join(f"k{i}.{'x.' * 400}y = 1\n" for i in range(1000)), 1),
    ],
)
def test_a_key_of_many_parts_is_refused_with_its_line_before_it_takes_memory(text: str, line: int) -> None:
    tracemalloc.start()
    with pytest.raises(Invalid, match=rf"a key of more than 8 parts \(at line {line}\)"):
        document.parse(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(text) + 100_000


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c.d.e.f.g.h = 1",
        'a = "1.2.3.4.5.6.7.8.9.10"',
        "a = '''\n1.2.3.4.5.6.7.8.9.10 = 1\n''' # 1.2.3.4.5.6.7.8.9.10",
        'a = """\n1.2.3.4.5.6.7.8.9.10 "" \\""" = 1\n"""',
        '# 1.2.3.4.5.6.7.8.9.10 = "\na = {b = "{1.2.3.4.5.6.7.8.9.10", c = 1.5}',
        '"1.2.3.4.5.6.7.8.9.10" = [1.5, 2.5]\nb = 2027-01-01T00:00:00.5Z',
    ],
)
def test_dots_in_strings_numbers_and_comments_are_no_parts(text: str) -> None:
    assert read_toml(text.encode())


@pytest.mark.parametrize("digits", [4301, 100_000])
@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_number_of_thousands_of_digits_is_refused(form: document.Form, digits: int) -> None:
    number = "9" * digits
    text = {"toml": f"[queues.support]\nrank = {number}", "json": f'{{"queues": {{"support": {{"rank": {number}}}}}}}'}
    with pytest.raises(CasebatonError) as caught:
        document.parse(text[form], form)
    assert caught.value.code in ("INVALID", "NOT_JSON")
    assert len(caught.value.detail) < 200
