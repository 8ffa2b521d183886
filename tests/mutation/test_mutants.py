"""Every check of the engine is held by a test: left out, some test of the store fails."""

import asyncio
import os
import sys
from pathlib import Path
from time import monotonic

import pytest

from casebaton.store import library
from tests.engine import Engine
from tests.mutation.mutants import DECIDING, Mutant, files, functions, mutants, parts_of, split
from tests.mutation.plugin import VARIABLE, built_without

ROOT = Path(__file__).parents[2]
STORE = ROOT / "tests" / "store"
AT_ONCE = 2
TIMES = 3  # so many times as long as on the engine itself may the tests take on a mutant
# What does not look at a check: the server, the client, the text of the library; and what takes long.
SLOW = (
    "machine", "overview", "embedded", "client", "checkpoint", "libraries", "library", "replay", "fold", "effect",
    "failover", "health",
)  # fmt: skip
# Tests that probably notice, by the file of the mutant; a command's are those of its name.
NEAR = {
    "parts/agent": "match take_case member_skills",
    "parts/gate": "pause_queue drain_queue hours length_limit order_change refusals",
    "parts/turns": "match turns set_agent",
    "parts/eligible": "match skills take_case set_agent statuses next_status presence park_case choices"
    " reachable_offline limits plans reservations",
    "parts/guard": "refusals take_case take_next",
    "parts/match": "match turns named_agents choices plans regressions windows",
    "parts/named": "named_agents remove_agent plans",
    "parts/queue": "refusals",
    "parts/statuses": "refusals statuses",
    "parts/takes": "take_case take_next drain_agent refusals",
    "parts/transfers": "transfer_to_agent refusals",
    "parts/windows": "windows refusals",
    "commands/connect": "presence refusals",
    "commands/flip_config": "choices refusals",
    "commands/read_day": "day refusals",
    "commands/read_line": "reads refusals",
    "commands/read_notes": "add_note reads refusals",
    "commands/transfer_case": "transfer_case transfer_to_agent refusals",
    "commands/trim_log": "checkpoint refusals",
    "commands/update_case": "update_case collection refusals",
}
# Left out, nothing changes that anybody could see.
EQUIVALENT = {
    "parts/eligible eligible.has_skills: required == skills.NONE": "nothing is asked for: it spares the look",
    "parts/gate overflows: q.overflow ~= ''": "no queue has an empty name: it spares the look",
    "parts/match best_case: a.named ~= ''": "nothing is named then: it spares the look",
    "parts/match head: rows[1]": "where nothing waits the class's cause may be worked out as well: it spares the look",
    "parts/match is_barred: a.cooling > 0": "there is no cool-down to be found then: it spares the look",
    "parts/match is_barred: not has_windows": "there is no window that counts then: it spares the look",
    "parts/match serve: tx.unsettled > 0": "nothing is being worked off then: it spares the look",
    "parts/match is_for: not a.is_freed": "for who was ready nothing waits: it spares the look",
    "parts/match place: state == 'dirty'": "the other states stay what they are when a case is left to them",
    "parts/match serve: a.named ~= ''": "nothing is named then: it spares the call",
    "parts/named named.release_slice: not named.is_away(a)": "each case asks the same: it spares the look",
    "parts/named named.attend: not named.is_away(a)": "the timers that it sets ask the same",
}


def test_the_parts_of_a_condition() -> None:
    assert split("a and (b and c)", "and") == [(0, "a"), (6, "(b and c)")]
    assert list(parts_of("a or b and c", "false")) == [(0, "a", "false"), (5, "b", "true"), (11, "c", "true")]
    assert list(parts_of("not a", "false")) == [(0, "not a", "false")]


def test_a_mutant_is_the_file_but_for_one_check() -> None:
    text = files()["parts/guard"]
    (first, *_) = [mutant for mutant in mutants() if mutant.file == "parts/guard"]
    assert first.of(text).replace("if false then", f"if {first.before} then", 1) == text


@pytest.mark.parametrize("file", DECIDING)
def test_what_decides_who_may_have_what_is_there(file: str) -> None:
    assert functions(files()[file]) >= set(DECIDING[file])


def test_every_refusal_has_its_mutant() -> None:
    """Whatever an `if` of a command or a guard refuses is found."""
    every = files()
    found = {(mutant.file, every[mutant.file].count("\n", 0, mutant.start)) for mutant in mutants()}
    for file, text in every.items():
        if file.startswith("commands/") or file == "parts/guard":
            for number, line in enumerate(text.splitlines()):
                if line.strip().startswith("if ") and ("tx.refuse(" in line or "return refusal" in line):
                    assert (file, number) in found, f"{file}: {line}"
    names = [mutant.name for mutant in mutants()]
    assert len(set(names)) == len(names)
    assert set(names) >= EQUIVALENT.keys()


@pytest.mark.nightly
async def test_every_mutant_is_a_library_that_the_store_takes(engine: Engine) -> None:
    redis = engine.store.redis
    for mutant in mutants():
        await redis.function_load(built_without(mutant.name).code, replace=True)
    await redis.function_load(library.build().code, replace=True)


def _files(*names: str) -> list[str]:
    return [str(STORE / f"test_{name}.py") for name in names]


def _tests(mutant: Mutant) -> list[list[str]]:
    """Test files to run, in the order in which they probably fail."""
    if mutant.file in NEAR:
        return [_files(*NEAR[mutant.file].split()), _every()]
    name = mutant.file.removeprefix("commands/")
    refusals = [*_files("refusals"), "-k", name]
    return [*([_files(name)] if (STORE / f"test_{name}.py").exists() else []), refusals, _every()]


def _every() -> list[str]:
    names = sorted(path.stem.removeprefix("test_") for path in STORE.glob("test_*.py"))
    return [*_files(*(name for name in names if name not in SLOW)), str(ROOT / "tests" / "stories")]


async def _passes(mutant: Mutant | None, arguments: list[str], within_s: float | None) -> bool:
    """Do these tests pass on the mutant? One that does not come to an end fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "tests.mutation.plugin", "-p", "no:cacheprovider"]
    process = await asyncio.create_subprocess_exec(
        *command,
        *arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: mutant.name if mutant else ""},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(within_s):
            code = await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    assert code in (0, 1, 5), f"pytest could not run {arguments}: {code}"  # 5: the selection was empty
    return code != 1


async def survivors(found: list[Mutant], within_s: float) -> list[str]:
    """Those that no test notices. A test that is not over in time has noticed something."""
    free = asyncio.Semaphore(AT_ONCE)

    async def survives(mutant: Mutant) -> bool:
        async with free:
            for arguments in _tests(mutant):
                if not await _passes(mutant, arguments, within_s):
                    return False
            return True

    lives = await asyncio.gather(*(survives(mutant) for mutant in found))
    return [mutant.name for mutant, lived in zip(found, lives, strict=True) if lived]


@pytest.mark.nightly
async def test_no_check_can_be_left_out_unnoticed() -> None:
    began = monotonic()
    assert await _passes(None, _every(), None), "the tests fail by themselves"
    within_s = TIMES * (monotonic() - began)
    assert await survivors([mutant for mutant in mutants() if mutant.name not in EQUIVALENT], within_s) == []
