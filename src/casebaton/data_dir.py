"""The data directory: the embedded server's files and the secret that signs tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def using(directory: Path) -> Iterator[None]:
    """Create the directory (0700) if need be, and work in it. Raises OSError with a sentence that says what to do."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except OSError as error:
        why = "it is not a directory" if isinstance(error, (FileExistsError, NotADirectoryError)) else error.strerror
        raise OSError(f"the data directory {directory} cannot be used: {why}; choose another --data-dir") from error
