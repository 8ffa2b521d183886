from pathlib import Path

from tests.cli.processes import run

DOCUMENT = "[channels.case]\n[queues.support]\n[statuses.{name}]\nkind = 'online'\nchannels = {channels}\n"


async def apply(directory: Path, name: str, channels: str) -> tuple[int, str, str]:
    document = directory / "acme.toml"
    document.write_text(DOCUMENT.format(name=name, channels=channels))
    return await run(directory, "apply", document, "--data-dir", directory / "data")


async def test_a_warning_goes_to_stderr_and_the_document_is_applied(tmp_path: Path) -> None:
    code, out, err = await apply(tmp_path, "nothing", "[]")
    assert (code, out) == (0, "acme: version 1 is in force, structure changed, 0 agents\n")
    assert "warning: $.statuses.nothing.channels: who is nothing is online and is offered nothing" in err


async def test_without_a_fault_there_is_no_warning(tmp_path: Path) -> None:
    code, _, err = await apply(tmp_path, "cases", "['case']")
    assert code == 0
    assert "$.statuses" not in err
