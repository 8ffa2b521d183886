"""The messages: what they let through, and that the protocol's page names the same commands, fields and roles."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from casebaton.auth import ROLES
from casebaton.service import access
from casebaton.wire import frames, words
from casebaton.wire import messages as m
from tests.wire.examples import FULL, ON_CASE

COMMANDS: dict[str, type[m.CommandMessage]] = {str(shape.__struct_config__.tag): shape for shape in m.Command.__args__}
PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def decode(frame: Any) -> m.CommandMessage:
    command: m.CommandMessage = msgspec.json.decode(msgspec.json.encode(frame), type=m.Command)
    return command


# -- commands --------------------------------------------------------------------------------------------------------


def test_every_command_has_an_example_with_all_its_fields() -> None:
    assert {name: {"id", *fields} for name, fields in FULL.items()} == {
        name: set(shape.__struct_fields__) for name, shape in COMMANDS.items()
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_goes_through_json_and_back_unchanged(name: str) -> None:
    frame = {"type": name, "id": "c-81"} | FULL[name]
    command = decode(frame)
    assert type(command) is COMMANDS[name]
    assert msgspec.json.decode(frames.encode(command)) == frame


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_defaults_are_not_sent(name: str) -> None:
    required = {field.name for field in msgspec.structs.fields(COMMANDS[name]) if field.required}
    frame = {"type": name, "id": "c-81"} | {field: value for field, value in FULL[name].items() if field in required}
    assert msgspec.json.decode(frames.encode(decode(frame))) == frame


def test_an_update_can_empty_a_text() -> None:
    command = decode({"type": "update_case", "id": "c", **ON_CASE, "customer": ""})
    assert isinstance(command, m.UpdateCase)
    assert command.customer == ""
    assert command.subject is msgspec.UNSET


@pytest.mark.parametrize("name", COMMANDS)
def test_null_is_no_value_for_any_field_but_those_read_later(name: str) -> None:
    for field in set(COMMANDS[name].__struct_fields__) - {"data", "document", "rows"}:
        with pytest.raises(msgspec.ValidationError, match=rf"\$\.{field}"):
            decode({"type": name, "id": "c-81"} | FULL[name] | {field: None})


def test_verbs_are_the_case_commands_that_carry_a_baton() -> None:
    by_name = {verb: str(shape.__struct_config__.tag) for verb, shape in m.VERBS.items()}
    assert all(
        name in (f"{verb}_case", f"{verb}_offer", f"{verb}_wrap_up", f"add_{verb}", f"set_{verb}")
        for verb, name in by_name.items()
    )
    assert set(m.VERBS.values()) | {m.UpdateCase} == set(m.CaseCommand.__subclasses__())


# -- patterns --------------------------------------------------------------------------------------------------------

NEVER = ["", " ", "a b", "a\n", "\na", "a\0", "a/b", "a:b", "a,b", 'a"b', "a'b", "a\\b", "a{b", "a}b", "a%b", "ä", "語"]


def accepts(shape: Any, text: str) -> bool:
    try:
        msgspec.convert(text, shape)
    except msgspec.ValidationError:
        return False
    return True


def test_an_id_is_safe_in_keys_timers_urls_and_json() -> None:
    for text in ["a", "A9", "c-81", "a.b_c@d+e", "x" * 64, "0"]:
        assert accepts(words.Id, text), text
    for text in [*NEVER, "-", "-a", ".a", "..", "_a", "@a", "x" * 65]:
        assert not accepts(words.Id, text), text


def test_a_baton_is_a_token_of_the_engine_or_any() -> None:
    for text in ["any", "AbC_d-9.12", "-x", "_", "x" * 64]:
        assert accepts(words.Baton, text), text
    for text in [*NEVER, "a+b", "a@b", "x" * 65]:
        assert not accepts(words.Baton, text), text


def test_a_reason_is_a_code_not_prose() -> None:
    for text in ["lunch", "wrong desk", "a.b_c-d", "x" * 64, "9"]:
        assert accepts(words.Reason, text), text
    for text in [*(set(NEVER) - {"a b"}), " a", "-a", "a!", "x" * 65]:
        assert not accepts(words.Reason, text), text


def test_a_text_may_be_anything_without_zero_bytes() -> None:
    for shape in (words.Text, words.NoteText, words.Name):
        assert accepts(shape, "Grüße,\n<b>語</b> \x01")
        assert not accepts(shape, "a\0b")


def test_a_url_is_http_without_spaces() -> None:
    for text in ["https://x", "http://x/y?z#a", "https://x/" + "y" * 290]:
        assert accepts(words.Url, text), text
    for text in [
        "",
        "x",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "ftp://x",
        "https://x y",
        "https://x\n",
        "https://x/" + "y" * 300,
    ]:
        assert not accepts(words.Url, text), text


# -- the page --------------------------------------------------------------------------------------------------------

ROW = re.compile(r"^\| `([a-z_]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def documented() -> dict[str, tuple[set[str], set[str]]]:
    """The page's table of commands: name -> fields beside `id`, roles."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    before: set[str] = set()
    for name, fields, roles in ROW.findall(PAGE.partition("| command |")[2].partition("\n\n")[0]):
        named = set(re.findall(r"[a-z]+", re.sub(r"\([^)]*\)", "", roles)))
        before = set(ROLES) if named == {"all"} else before if named == {"same"} else named
        found[name] = set(re.findall(r"`([a-z_]+)`", re.sub(r"\([^)]*\)", "", fields))), before
    return found


def test_the_page_lists_exactly_the_commands() -> None:
    assert set(documented()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_names_a_commands_fields(name: str) -> None:
    assert documented()[name][0] == set(COMMANDS[name].__struct_fields__) - {"id"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_names_a_commands_roles(name: str) -> None:
    roles = documented()[name][1]
    if roles & {"supervisor", "producer"}:
        roles = roles | {"admin"}  # whatever those two may do
    assert roles == access.MAY[COMMANDS[name]]


def test_the_page_names_every_value_that_a_choice_allows() -> None:
    table = PAGE.partition("| command |")[2].partition("\n\n")[0]
    for choice in ("keep", "front", "back", "online", "busy", "offline"):
        assert f"`{choice}`" in table
    assert f'"protocol": {frames.PROTOCOL}' in PAGE
