"""What all commands share: their options, the store, and how an expected error becomes one line."""

import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, ParamSpec

import click

from casebaton import settings, tasks
from casebaton.errors import CasebatonError, Invalid
from casebaton.store.client import StoreClient
from casebaton.store.embedded import EmbeddedServerError
from casebaton.store.server import UnsafeStore, open_server, place
from casebaton.tasks import LoopEnded

P = ParamSpec("P")
EXPECTED = (CasebatonError, EmbeddedServerError, UnsafeStore, OSError)


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end. An expected error is a Failure; a loop that ended is one line, too, and exit code 1: a fresh
    start helps.
    """
    with expecting_errors():
        return tasks.run(coroutine)


@contextlib.contextmanager
def expecting_errors() -> Iterator[None]:
    """Make an expected error a Failure: one line, and one more for each fault of a document; its exit code is 2."""
    try:
        yield
    except LoopEnded as error:
        raise Broken(str(error)) from error
    except EXPECTED as error:
        said = error.detail if isinstance(error, Invalid) else str(error)
        raise Failure("\n  ".join([said, *further_faults(error)])) from error


def further_faults(error: Exception) -> list[str]:
    """A line for each fault of a document after the first, which the error itself tells."""
    return [str(fault) for fault in error.faults[1:]] if isinstance(error, Invalid) else []


def counted(count: int, noun: str, nouns: str = "") -> str:
    """So many of them: "1 agent", "2 agents"."""
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"


class Failure(click.ClickException):
    """An error in one line that says what to do."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line, to stderr unless told otherwise."""
        click.echo(f"casebaton: {self.message}", file=file, err=file is None)


class Broken(Failure):
    """An error that is nobody's fault but the program's."""

    exit_code = 1


def store_options(function: Callable[P, Any]) -> Callable[P, Any]:
    """Which store: an external server, or the embedded one in a data directory."""
    options = [
        click.option("--config", "config_file", type=click.Path(path_type=Path), help="Settings as TOML."),
        click.option(
            "--redis-url",
            help="An external Redis >= 7.0 or Valkey, also redis+sentinel:// or redis+cluster://; "
            "without it the embedded server runs.",
        ),
        click.option("--data-dir", help="Where the embedded server keeps its data and the secret."),
        click.option(
            "--durability", type=click.Choice(["always", "everysec"]), help="What an acknowledgement promises."
        ),
        click.option("--replicas", type=int, help="So many replicas must have what is acknowledged."),
    ]
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), function)


def read_settings(config_file: Path | None, **flags: Any) -> settings.Settings:
    """Flags, environment and file as settings, or a Failure."""
    with expecting_errors():
        return settings.load(flags, file=config_file)


@contextlib.asynccontextmanager
async def open_store(settings: settings.Settings) -> AsyncIterator[StoreClient]:
    """The store, beside the nodes that may run on it. Of a workspace that is not there it is said where it was sought:
    an empty store is made in whatever directory somebody stands.
    """
    async with open_server(settings, share=True) as url:
        store = StoreClient(url, replicas=settings.replicas)
        try:
            await store.load()
            yield store
        except CasebatonError as error:
            if error.code != "NO_SUCH_WORKSPACE":
                raise
            raise CasebatonError(error.code, f"{error.detail} in {place(settings)}") from error
        finally:
            await store.close()
