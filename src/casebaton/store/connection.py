"""Plain connections to one server: small pools without redis-py's own retries, which would run a command twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from casebaton.errors import Unavailable

ANSWER_WITHIN_S = 5.0
# Every reply is bytes; only single servers take commands that name several slots.
OPTIONS: dict[str, Any] = {"protocol": 2, "socket_connect_timeout": ANSWER_WITHIN_S}

RawRedis = Any  # a redis-py client that answers bytes; its own types say "bytes or str" of every reply


def connect(url: str, *, timeout_s: float | None = ANSWER_WITHIN_S) -> RawRedis:
    """Make a small pool without retries of its own. `timeout_s` None is for blocking reads.

    Who finds all connections in use waits for one: the plain pool would fail the caller, and a batch with it.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        retry_on_error=[],
        socket_timeout=timeout_s,
        max_connections=4,
        timeout=ANSWER_WITHIN_S,
        **OPTIONS,
    )
    return Redis.from_pool(pool)


@contextmanager
def reaching() -> Iterator[None]:
    """Around plain reads: whatever redis-py raises becomes Unavailable."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable(f"the store cannot be reached: {type(error).__name__}") from error
