"""`casebaton token`: make a token for a program or a person."""

from pathlib import Path

import click

from casebaton.auth import ROLES, Role, Tokens, read_secret
from casebaton.cli.main import read_settings


@click.command()
@click.argument("workspace")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--subject", required=True, help="Who it is for: an agent's id, or a program's name.")
@click.option("--hours", type=click.FloatRange(0.01, 24 * 365), default=12.0, show_default=True)
@click.option("--config", "config_file", type=click.Path(path_type=Path))
@click.option("--data-dir", help="Where the secret is kept.")
def token(
    workspace: str, role: Role, subject: str, hours: float, config_file: Path | None, data_dir: str | None
) -> None:
    """Print a token, signed with CASEBATON_AUTH_SECRET or the secret in the data directory."""
    settings = read_settings(config_file, data_dir=data_dir)
    secret = settings.auth_secret or read_secret(Path(settings.data_dir))
    click.echo(Tokens(secret).sign(workspace, role, subject, ttl_s=hours * 3600))
