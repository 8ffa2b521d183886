"""The command line: one file per command."""

from casebaton.cli.main import main

__all__ = ["main"]
