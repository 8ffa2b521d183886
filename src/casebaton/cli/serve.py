"""`casebaton serve`: one node, or several on one port."""

from pathlib import Path
from typing import Any

import click

from casebaton import logs
from casebaton.cli.common import read_settings, run, store_options
from casebaton.node import workers
from casebaton.node.serve import serve as serve_node


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.")
@click.option("--workers", type=int, help="Node processes on that port (Linux); 1 unless told otherwise.")
@click.option(
    "--origin", "origins", multiple=True, help="An Origin that browsers may connect from (exact; repeatable)."
)
@click.option("--dev", is_flag=True, default=None, help="Sign in by choosing a name; loopback only.")
@click.option(
    "--history-url", help="postgresql://user:password@host/database, or none; otherwise in the data directory."
)
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]))
@store_options
def serve(config_file: Path | None, origins: tuple[str, ...], **flags: Any) -> None:
    """Run a node, or several on one port, until SIGTERM, which drains them."""
    settings = read_settings(config_file, origins=list(origins) or None, **flags)
    logs.configure(settings.log_level)
    run(serve_node(settings) if settings.workers == 1 else workers.serve(settings))
