"""A PostgreSQL of our own, from Debian's binaries: in a temporary directory, on a socket, and gone with the block."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
USER = "postgres"
END_WITHIN_S = 30
SETTINGS = {"listen_addresses": "", "shared_buffers": "64MB", "jit": "off", "max_wal_size": "2GB"}


class NoPostgresql(Exception):
    """PostgreSQL cannot be started here; the sentence says why."""


def _binaries() -> Path:
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = shutil.which("initdb")
    if not versions and found is None:
        raise NoPostgresql("there is no PostgreSQL: apt-get install postgresql")
    return versions[-1].parent if versions else Path(str(found)).resolve().parent


def _as_user(directory: str) -> list[str]:
    """The words before a command by which it runs as somebody who is not root, and ends when this process does."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise NoPostgresql("there is no setpriv: it is part of util-linux")
    if os.geteuid() != 0:
        return [setpriv, "--pdeathsig=INT"]
    try:
        shutil.chown(directory, USER, USER)
    except LookupError as error:
        raise NoPostgresql(f"there is no user {USER}, and PostgreSQL refuses to run as root") from error
    return [setpriv, "--pdeathsig=INT", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]


@contextmanager
def run_postgresql(**settings: str) -> Iterator[str]:
    """The URL of its database for as long as the block runs. Raises NoPostgresql."""
    with tempfile.TemporaryDirectory(prefix="casebaton-pg-") as directory:
        bin_dir, as_user = _binaries(), _as_user(directory)
        data = f"{directory}/data"
        init = [
            *as_user,
            str(bin_dir / "initdb"),
            "-D",
            data,
            "-U",
            USER,
            "-A",
            "trust",
            "--locale=C",
            "-E",
            "UTF8",
            "-N",
        ]
        subprocess.run(init, stdout=subprocess.DEVNULL, check=True)
        options = {**SETTINGS, **settings, "unix_socket_directories": directory}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        process = subprocess.Popen(
            [*as_user, str(bin_dir / "postgres"), "-D", data, *words],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            ready = [str(bin_dir / "pg_isready"), "-q", "-h", directory, "-U", USER]
            while subprocess.run(ready, check=False).returncode != 0:
                if process.poll() is not None:
                    raise NoPostgresql(f"PostgreSQL ended with {process.returncode} at its start")
            yield f"postgresql://{USER}@/postgres?host={directory}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(END_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
