"""Structured logs on stderr: JSON for machines, colours for a terminal. No customer's text, no token, no URL ever
enters them.
"""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Set up structlog and quieten the libraries. Uvicorn's own lines below warning carry URLs, so they stay out."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # a line is one write: workers share the stream
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "websockets"):
        logging.getLogger(name).setLevel(logging.WARNING)


def about(error: Exception) -> dict[str, object]:
    """What failed and where, without the words of the error: they may quote what customers wrote."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    line = None if place is None else f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
    return {"error": type(error).__name__, "at": line}
