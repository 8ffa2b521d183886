"""What is refused of a text before its values are looked at."""

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from casebaton.errors import CasebatonError, Invalid
from casebaton.workspace import document, roster
from casebaton.workspace.reading import read_toml

LONG = "n" * 100_000
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


def test_a_long_key_does_not_come_back_whole_and_its_line_is_told() -> None:
    with pytest.raises(Invalid, match=r"^INVALID: not TOML: Cannot declare \('n+…n+',\) twice \(at line 2, ") as caught:
        document.parse(f"[{LONG}]\n[{LONG}]")
    assert len(caught.value.detail) < 300


@pytest.mark.parametrize("digits", [4301, 100_000])
def test_a_number_of_thousands_of_digits_is_refused(digits: int) -> None:
    number = "9" * digits
    with pytest.raises(Invalid, match=r"^INVALID: not TOML of ours: a number of thousands of digits$"):
        document.parse(f"[queues.support]\nrank = {number}")
    with pytest.raises(CasebatonError, match=r"^NOT_JSON: not JSON: Integer value out of range"):
        document.parse(f'{{"queues": {{"support": {{"rank": {number}}}}}}}', "json")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"queues": {}, "channels": {}, "queues": {}}', "$"),
        ('{"queues": {"support": {"mode": "push", "mode": "pull"}}, "channels": {}}', "$.queues.support"),
        ('{"effects": [{}, {"on": 1, "on": 1}]}', "$.effects[1]"),
    ],
)
def test_a_name_that_is_there_twice_is_refused_with_the_path_of_its_object(text: str, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        document.parse(text, "json")
    assert caught.value.detail == f"{path}: a name is there twice"
    with pytest.raises(Invalid, match=r"^INVALID: \$\[0\]: a name is there twice"):
        roster.parse(b'[{"agent": "ana", "capacity": 1, "capacity": 2}]', "json")


def peak_of(read: Callable[[], object]) -> tuple[Invalid, int]:
    """What it is refused with, and how many bytes that took at most."""
    tracemalloc.start()
    with pytest.raises(Invalid) as caught:
        read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return caught.value, peak


@pytest.mark.parametrize(
    "text",
    [
        f'{{"channels": {{}}, "queues": {{"{LONG}": {{"a{LONG}": 1}}}}}}',
        f'{{"channels": {{}}, "queues": {{}}, "agents": {{"{LONG}": {{"queues": [{"1," * 5000}1]}}}}}}',
        f'{{"channels": {{}}, "queues": {{}}, "{LONG}": 1}}',
    ],
)
def test_a_name_of_any_length_is_told_shortened_and_not_once_more_for_each_of_its_members(text: str) -> None:
    refused, peak = peak_of(lambda: document.parse(text, "json"))
    assert sum(len(str(fault)) for fault in refused.faults) < 60_000
    assert peak < 5_000_000


def test_of_any_number_of_faults_the_first_are_kept_and_the_others_counted() -> None:
    text = "[channels.case]\n[queues.support]\n" + "".join(f"k{i} = 1\n" for i in range(20_000))
    refused, peak = peak_of(lambda: document.parse(text))
    assert refused.detail.startswith("$.queues.support.k0: unknown field `k0`: there are mode, ")
    assert refused.detail.endswith(" (and 19999 more)")
    assert len(refused.faults) == 100
    assert peak < 10_000_000


def test_queues_that_lead_on_and_on_are_refused_without_walking_to_the_end_from_each() -> None:
    queues = ",".join(f'"q{i}": {{"overflow": "q{i + 1}"}}' for i in range(2000))
    refused, peak = peak_of(
        lambda: document.parse(f'{{"channels": {{}}, "queues": {{{queues}, "q2000": {{}}}}}}', "json")
    )
    assert refused.faults[0].path == "$.queues.q0.overflow"
    assert refused.faults[0].says.startswith("must not lead over more than 7 queues: q0 -> q1 -> ")
    assert len(refused.faults[0].says) < 120
    assert peak < 10_000_000


class Asked(dict[str, object]):
    """Names that may be asked for, and not listed."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all of them are looked at for one agent")


def test_an_agent_is_checked_without_a_look_at_all_queues_and_channels() -> None:
    agent = document.Agent(queues=["a"], tiers={"a": 1, "z": 1}, limits={"c": 1, "y": 1})
    known = document.Known(Asked(a=1), Asked(), Asked(c=1))
    assert [fault.path for fault in document.agent_faults(agent, known, "$")] == ["$.tiers.z", "$.limits.y"]


def test_under_columns_that_are_refused_no_line_is_read() -> None:
    columns = ",".join(f"c{i}" for i in range(1000))
    refused, _ = peak_of(lambda: roster.parse(f'agent,{columns}\n"not CSV'.encode(), "csv"))
    assert refused.detail.startswith("line 1: unknown column c0: there are agent, ")
    assert refused.detail.endswith(" (and 999 more)")


def test_columns_that_are_there_twice_or_missing_are_told_with_their_names() -> None:
    refused, _ = peak_of(lambda: roster.parse(f"name,team,name,{LONG}\n".encode(), "csv"))
    assert [fault.says.partition(":")[0] for fault in refused.faults] == [
        f"unknown column {'n' * 100}…",
        "column name is there twice",
        "there is no column agent",
    ]
