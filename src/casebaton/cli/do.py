"""`casebaton do`: any command of the protocol, from a shell."""

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec

from casebaton.auth import ROLES, Identity
from casebaton.cli.common import expecting_errors, further_faults, open_store, read_settings, run, store_options
from casebaton.errors import CasebatonError, Invalid
from casebaton.service import access
from casebaton.service.commands import execute
from casebaton.settings import Settings
from casebaton.wire import messages as m
from casebaton.wire.ids import read_id
from casebaton.wire.session import explain
from casebaton.workspace.faults import bare

OF_A_CONNECTION = (
    m.WatchQueue, m.Unwatch, m.WatchWorkspace, m.UnwatchWorkspace, m.WatchAgent, m.UnwatchAgent, m.WatchCounts,
    m.UnwatchCounts, m.RefreshToken, m.Ping,
)  # fmt: skip
SHAPES = {str(shape.__struct_config__.tag): shape for shape in access.MAY if shape not in OF_A_CONNECTION}


def _fields(shape: type[m.CommandMessage], pairs: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """`name=value` as a field: the value is JSON if it can be read as that, else text. In a text field `17` is text."""
    texts = {field.encode_name for field in msgspec.structs.fields(shape) if bare(field.type) is str}
    for pair in pairs:
        name, joint, text = pair.partition("=")
        if not joint:
            raise Invalid(f"{pair}: expected FIELD=VALUE")
        try:
            value = msgspec.json.decode(_utf8(name, text))
        except msgspec.DecodeError:
            value = text
        except RecursionError as error:
            raise Invalid(f"{name}: nested too deeply") from error
        yield name, value if isinstance(value, str) or name not in texts else text


def _utf8(name: str, text: str) -> bytes:
    """The text as bytes, unless the shell gave some that are no text."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Invalid(f"{name}: not UTF-8") from error


def _command(shape: type[m.CommandMessage], fields: dict[str, Any]) -> m.CommandMessage:
    """Check the fields. Whoever names no baton means the case whatever has become of it."""
    if issubclass(shape, m.CaseCommand):
        fields = {"baton": "any"} | fields
    try:
        return msgspec.json.decode(msgspec.json.encode({"type": shape.__struct_config__.tag} | fields), type=shape)
    except msgspec.ValidationError as error:
        raise Invalid(explain(error)) from error


def _named(fields: dict[str, Any], cases: TextIO | None) -> list[dict[str, Any]]:
    """The fields of every command: one, or one for each line of `cases`."""
    command_id = fields.get("id") or f"cli-{secrets.token_hex(8)}"
    if cases is None:
        return [fields | {"id": command_id}]
    try:
        names = {number: line.strip() for number, line in enumerate(cases, 1) if line.strip()}
    except UnicodeDecodeError as error:
        raise Invalid("--cases: not UTF-8") from error
    return [
        fields | {"id": f"{command_id}-{number}", "case": read_id(f"--cases line {number}", case)}
        for number, case in names.items()
    ]


async def _do(settings: Settings, identity: Identity, wanted: list[m.CommandMessage]) -> list[str | CasebatonError]:
    """Run them one after the other; what is refused harms no other."""
    results: list[str | CasebatonError] = []
    async with open_store(settings) as store:
        for command in wanted:
            try:
                results.append((await execute(store, identity, command)).body.decode())
            except CasebatonError as error:
                if error.code == "NO_SUCH_WORKSPACE":
                    raise  # of all of them
                results.append(error)
    return results


@click.command("do", epilog="Commands: " + ", ".join(sorted(SHAPES)) + ". Their fields are in docs/protocol.md.")
@click.argument("command", type=click.Choice(sorted(SHAPES)), metavar="COMMAND")
@click.argument("fields", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option("--workspace", required=True, help="Its name.")
@click.option("--role", type=click.Choice(ROLES), default="supervisor", show_default=True)
@click.option("--subject", default="cli", show_default=True, help="Who does it: an agent's id, or a name.")
@click.option("--cases", type=click.File(), help="A case per line (- is stdin): the command on each of them.")
@store_options
def do(
    command: str,
    fields: tuple[str, ...],
    workspace: str,
    role: Any,
    subject: str,
    cases: TextIO | None,
    config_file: Path | None,
    **flags: Any,
) -> None:
    """Run COMMAND with its fields and print the answer: casebaton do pause_queue queue=support

    A value is JSON if it can be read as that and the field is not a text, else text. With --cases there is a line per
    case. The exit code is 1 when anything was refused.
    """
    settings = read_settings(config_file, **flags)
    with expecting_errors():
        identity = Identity(read_id("workspace", workspace), role, read_id("subject", subject), expires_at=0)
        named = _named(dict(_fields(SHAPES[command], fields)), cases)
        wanted = [_command(SHAPES[command], each) for each in named]
    results = run(_do(settings, identity, wanted))
    for each, result in zip(named, results, strict=True):
        of = f"{each['case']}: " if cases else ""
        if isinstance(result, str):
            click.echo(result)
        else:
            click.echo("\n  ".join([f"casebaton: {of}{result}", *further_faults(result)]), err=True)
    if any(not isinstance(result, str) for result in results):
        raise SystemExit(1)
