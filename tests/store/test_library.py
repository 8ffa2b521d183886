"""The contracts hold: header, code, error codes, events, key names and parts say the same."""

import ast
import re
from pathlib import Path

import pytest

from casebaton.store import library
from tests.engine import Engine
from tests.store.lua_source import (
    CONTRACTS,
    FUNCTIONS,
    IN_EVERY_HEAD,
    PARTS,
    WITH_ANY_CHANGE,
    bare_code_of,
    code_of,
    facts_of_command,
    own_events,
)

ROOT = Path(__file__).parents[2]
DOCS, SOURCES = ROOT / "docs", ROOT / "src" / "casebaton"
TEXTS = PARTS | {name: contract.body for name, contract in CONTRACTS.items()}
each_command = pytest.mark.parametrize("command", sorted(CONTRACTS))
each_part = pytest.mark.parametrize("part", sorted(PARTS))
each_text = pytest.mark.parametrize("name", sorted(TEXTS))


@each_command
def test_a_command_reads_the_arguments_that_its_header_names(command: str) -> None:
    contract = CONTRACTS[command]
    read = set(re.findall(r"\bargs\.(\w+)", bare_code_of(contract.body)))
    assert read == set(contract.args)


@each_command
def test_a_header_names_exactly_the_codes_that_the_command_can_refuse_with(command: str) -> None:
    assert facts_of_command(command).refuses == CONTRACTS[command].errors


@each_command
def test_a_header_names_only_events_that_the_command_itself_can_append(command: str) -> None:
    assert CONTRACTS[command].events <= own_events(command)


def test_every_event_that_any_function_appends_is_in_a_header_and_in_the_protocol() -> None:
    appended = {event for name in CONTRACTS for event in facts_of_command(name).records}
    appended |= {event for function in FUNCTIONS.values() for event in function.records}
    named = WITH_ANY_CHANGE | {event for contract in CONTRACTS.values() for event in contract.events}
    assert appended == named
    protocol = (DOCS / "protocol.md").read_text()
    assert not [event for event in sorted(named) if f"`{event}`" not in protocol]


def test_only_the_head_of_a_run_refuses_beside_the_headers() -> None:
    named = {code for contract in CONTRACTS.values() for code in contract.errors}
    refused = {code for function in FUNCTIONS.values() for code in function.refuses}
    refused |= {code for name in CONTRACTS for code in facts_of_command(name).refuses}
    assert refused - named == IN_EVERY_HEAD == FUNCTIONS["tx.begin"].refuses


def codes_in_python() -> set[str]:
    """Every code that an error is made with in the Python sources."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and re.search(r"(Error|Refused|_refusal|__init__)$", ast.unparse(node.func)):
                values = {argument.value for argument in node.args[:2] if isinstance(argument, ast.Constant)}
                found |= {
                    value for value in values if isinstance(value, str) and re.fullmatch(r"[A-Z]+(_[A-Z]+)*", value)
                }
    return found


def test_every_error_code_is_documented_and_no_other() -> None:
    in_lua = IN_EVERY_HEAD | {code for contract in CONTRACTS.values() for code in contract.errors}
    text = (DOCS / "errors.md").read_text()
    documented = re.findall(r"^### ([A-Z_]+)\n\S.+\n\*\*Do:\*\* .+\.$", text, re.MULTILINE)
    assert len(documented) == text.count("\n### ")
    assert sorted(documented) == sorted(in_lua | codes_in_python())


@each_part
def test_a_part_uses_exactly_the_parts_that_its_first_line_names(part: str) -> None:
    first, code = PARTS[part].partition("\n")[0], bare_code_of(PARTS[part])
    named = set(re.findall(r"\w+", first.removeprefix("-- uses:"))) if first.startswith("-- uses:") else set()
    touched = {other for other in PARTS if other != part and re.search(rf"(?<![.\w]){other}\.\w", code)}
    assert named == touched


@each_text
def test_key_names_exist_only_in_keys(name: str) -> None:
    code = code_of(TEXTS[name])
    if name != "keys":
        assert "prefix" not in code
        assert "}:" not in code
    keys = re.findall(r"\bcall\('(\w+)'(?:, ([^,()]+))?", code)
    by_text = [(command, key) for command, key in keys if "'" in key]
    assert not by_text
    assert all(key or command == "TIME" for command, key in keys)


@each_text
def test_nothing_swallows_an_error_or_sweeps_over_keys(name: str) -> None:
    code = code_of(TEXTS[name])
    assert not re.search(r"pcall|'KEYS'|'SCAN'|'[HSZ]SCAN'|'FLUSH|math\.random|os\.|'RANDOMKEY'", code)
    assert "redis.call(" not in code  # `call` is bound once a run


@pytest.mark.parametrize("command", sorted(name for name in CONTRACTS if "no-writes" in CONTRACTS[name].flags))
def test_a_command_without_writes_calls_only_what_reads(command: str) -> None:
    facts = facts_of_command(command)
    assert not facts.records
    assert not facts.calls & {"tx.commit", "tx.touch", "match.settle"}


def test_a_header_that_is_no_contract_is_an_error(tmp_path: Path) -> None:
    good = "-- Does it.\n-- args: case\n-- errors: GONE\nreturn function(args) end\n"
    path = tmp_path / "do_it.lua"
    path.write_text(good)
    contract = library.read_contract(path)
    assert (contract.name, contract.args, contract.errors) == ("do_it", ("case",), frozenset({"GONE"}))
    for bad in (good.replace("-- args: case\n", ""), good.replace("errors", "mistakes"), good.removeprefix("-- ")):
        path.write_text(bad)
        with pytest.raises(ValueError, match=r"do_it\.lua: not a contract"):
            library.read_contract(path)


def test_parts_that_use_each_other_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "egg.lua").write_text("-- uses: hen\n")
    (tmp_path / "parts" / "hen.lua").write_text("-- uses: egg\n")
    monkeypatch.setattr(library, "LUA", tmp_path)
    with pytest.raises(ValueError, match="circle"):
        library.ordered_parts()


async def test_another_version_is_another_library_beside_it(engine: Engine) -> None:
    built = library.build()
    older = built.code.replace(built.name, "casebaton_older").replace(built.name.removeprefix("casebaton"), "_older")
    await engine.store.redis.function_load(older)
    assert (await engine.submit("one"))["state"] == "waiting"
    await engine.store.load()  # loaded already: nothing to do
    names = {row[1].decode() for row in await engine.store.redis.function_list()}
    assert names >= {built.name, "casebaton_older"}
    await engine.store.redis.function_delete("casebaton_older")
