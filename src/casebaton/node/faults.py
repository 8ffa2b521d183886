"""What a client is told of an error, and how its connection ends when its hello was turned down."""

import structlog

from casebaton.errors import CasebatonError, NodeFault
from casebaton.wire import session as wire

# How a connection ends whose hello was turned down with one of these; any other ends it for good.
CLOSE_FOR = {
    "UNAUTHENTICATED": wire.UNAUTHENTICATED,
    "NO_SUCH_WORKSPACE": wire.NO_WORKSPACE,
    "TOO_MANY_CONNECTIONS": wire.TOO_MANY_CONNECTIONS,
    "UNAVAILABLE": wire.SERVICE_RESTART,
    "OUTCOME_UNKNOWN": wire.SERVICE_RESTART,
    "NODE_FAULT": wire.INTERNAL_ERROR,
    "LEASE_LOST": wire.SERVICE_RESTART,
}

logger = structlog.get_logger()


def explain(error: Exception, task: str) -> CasebatonError:
    """What the client is told of an error. One that nobody foresaw is a bug: it is logged, and answered too."""
    if isinstance(error, CasebatonError):
        return error
    logger.error("node_failed", task=task, exc_info=error)
    return NodeFault()
