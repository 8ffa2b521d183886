"""`casebaton token`: make a token for a program or a person."""

from pathlib import Path

import click

from casebaton.auth import ROLES, Role, Tokens, has_secret, read_scope, read_secret
from casebaton.cli.common import expecting_errors, read_settings
from casebaton.wire.ids import read_id


@click.command()
@click.argument("workspace")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--subject", required=True, help="Who it is for: an agent's id, or a program's name.")
@click.option("--name", default="", help="What a person is called, to be shown to them and their colleagues.")
@click.option("--queues", multiple=True, help="A queue of a supervisor's scope; repeat it. No scope is everything.")
@click.option("--teams", multiple=True, help="A team of a supervisor's scope; repeat it.")
@click.option("--hours", type=click.FloatRange(0.01, 24 * 365), default=12.0, show_default=True)
@click.option("--config", "config_file", type=click.Path(path_type=Path))
@click.option("--data-dir", help="Where the secret is kept.")
def token(
    workspace: str,
    role: Role,
    subject: str,
    name: str,
    queues: tuple[str, ...],
    teams: tuple[str, ...],
    hours: float,
    config_file: Path | None,
    data_dir: str | None,
) -> None:
    """Print a token, signed with CASEBATON_AUTH_SECRET or the secret in the data directory."""
    settings = read_settings(config_file, data_dir=data_dir)
    directory = Path(settings.data_dir)
    with expecting_errors():
        for what, text in (("workspace", workspace), ("subject", subject)):
            read_id(what, text)  # before a secret is made for nothing
        scope = read_scope(role, queues, teams) if queues or teams else None
        is_new = not settings.auth_secret and not has_secret(directory)
        secret = settings.auth_secret or read_secret(directory)
        signed = Tokens(secret).sign(workspace, role, subject, ttl_s=hours * 3600, scope=scope, name=name)
    if is_new:
        click.echo(
            f"casebaton: made a new secret in {directory}: only nodes with this --data-dir accept the token", err=True
        )
    click.echo(signed)
