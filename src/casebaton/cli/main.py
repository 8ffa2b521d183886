"""`casebaton`: the group of all commands."""

import click

from casebaton import __version__
from casebaton.cli import apply, check, config, demo, do, history, replay, report, roster, serve, token, why


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="casebaton")
def main() -> None:
    """Self-hosted real-time dispatch: every case has exactly one owner."""


for command in (
    serve.serve,
    demo.demo,
    apply.apply,
    token.token,
    check.check,
    replay.replay,
    config.config,
    roster.commands,
    why.why,
    do.do,
    history.history,
    report.report,
    report.life,
):
    main.add_command(command)
