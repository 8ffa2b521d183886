import asyncio
import signal
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from casebaton.cli.common import Failure
from casebaton.cli.common import run as run_to_the_end
from casebaton.tasks import LoopEnded
from tests.cli.processes import WITHIN_S, run, start

DOCUMENT = """
[channels.case]
[queues.support]
"""


async def listening(process: Process) -> None:
    """Wait until it says that it listens."""
    assert process.stderr is not None
    async with asyncio.timeout(WITHIN_S):
        while b"node_started" not in await process.stderr.readline():
            assert process.returncode is None


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_with_its_store_and_the_next_one_can_start(tmp_path: Path, stop: signal.Signals) -> None:
    for _ in range(2):
        process = await start(tmp_path, "serve", "--port", "0", "--data-dir", "data")
        await listening(process)
        process.send_signal(stop)
        async with asyncio.timeout(WITHIN_S):
            _, err = await process.communicate()
        assert process.returncode == 0, err.decode()


async def test_while_it_runs_other_commands_share_its_store(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(DOCUMENT)
    process = await start(tmp_path, "serve", "--port", "0", "--data-dir", "data")
    await listening(process)
    code, out, _ = await run(tmp_path, "apply", "acme.toml", "--data-dir", "data")
    assert (code, out) == (0, "acme: version 1 is in force, structure changed, 0 agents\n")
    code, out, _ = await run(tmp_path, "check", "--data-dir", "data")
    assert (code, "nothing found" in out) == (0, True)
    process.terminate()
    await process.communicate()


async def test_a_second_node_on_the_same_directory_and_a_taken_port_are_one_line_each(tmp_path: Path) -> None:
    process = await start(tmp_path, "serve", "--port", "0", "--data-dir", "data")
    await listening(process)
    code, _, err = await run(tmp_path, "serve", "--port", "0", "--data-dir", "data")
    assert (code, err.count("\n"), "is in use by another embedded server" in err) == (2, 1, True)
    process.terminate()
    await process.communicate()

    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        code, _, err = await run(tmp_path, "serve", "--port", str(port), "--data-dir", "data")
    assert (code, err.count("\n"), "choose another --port" in err) == (2, 1, True)


async def test_dev_mode_binds_nothing_but_loopback(tmp_path: Path) -> None:
    code, _, err = await run(tmp_path, "serve", "--dev", "--host", "0.0.0.0")
    assert (code, "loopback only" in err) == (2, True)


def test_a_loop_that_ended_is_one_line_and_code_1() -> None:
    async def fail() -> None:
        raise LoopEnded("the node has stopped because Hub ended")

    with pytest.raises(Failure, match="Hub ended") as ended:
        run_to_the_end(fail())
    assert ended.value.exit_code == 1
