"""What waits to be sent to one client, within bounds.

Two kinds of frames, two bounds. What the client asked for waits until there is room, so a client that asks for much
gets it as fast as it reads. Events cannot wait: a client that leaves too many of them unread is too slow.
"""

import asyncio
from collections import deque

TAKEN_AT_ONCE = 16384  # bytes: enough to save system calls, little beside what a socket buffers


class Outbox:
    """Frames in order. At most `limit` bytes of events, and of others no more than fit, but for the last."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._frames: deque[tuple[bytes, bool]] = deque()
        self._bytes = 0
        self._event_bytes = 0
        self._has_room = asyncio.Event()
        self._has_room.set()

    @property
    def bytes_left(self) -> int:
        """How much waits to be sent."""
        return self._bytes

    async def room(self) -> None:
        """Wait until a frame that the client asked for may be added."""
        await self._has_room.wait()

    def add(self, frame: bytes) -> None:
        """Add a frame that is no event."""
        self._add(frame, is_event=False)

    def add_event(self, frame: bytes) -> bool:
        """Add an event. False when that is one too many: then everything has been dropped."""
        self._add(frame, is_event=True)
        if self._event_bytes <= self._limit:
            return True
        self._frames.clear()
        self._bytes = self._event_bytes = 0
        return False

    def _add(self, frame: bytes, *, is_event: bool) -> None:
        self._frames.append((frame, is_event))
        self._count(len(frame), is_event=is_event)

    def take(self) -> list[bytes]:
        """The next frames to be sent in one piece, of no more than `TAKEN_AT_ONCE` bytes but for the last; or none."""
        taken, size = [], 0
        while self._frames and size < TAKEN_AT_ONCE:
            frame, is_event = self._frames.popleft()
            self._count(-len(frame), is_event=is_event)
            taken.append(frame)
            size += len(frame)
        return taken

    def _count(self, size: int, *, is_event: bool) -> None:
        self._bytes += size
        if is_event:
            self._event_bytes += size
        if self._bytes < self._limit:
            self._has_room.set()
        else:
            self._has_room.clear()
