"""What waits for one client is bounded: events cut it off, what it asked for waits."""

import asyncio

from casebaton.node.outbox import TAKEN_AT_ONCE, Outbox


def taken(outbox: Outbox) -> list[bytes]:
    frames = []
    while taken := outbox.take():
        frames += taken
    return frames


def test_frames_come_out_in_the_order_in_which_they_came() -> None:
    outbox = Outbox(10)
    outbox.add(b"one")
    assert outbox.add_event(b"two")
    outbox.add(b"three")
    assert taken(outbox) == [b"one", b"two", b"three"]
    assert outbox.bytes_left == 0


def test_one_event_too_many_drops_everything() -> None:
    outbox = Outbox(4)
    outbox.add(b"a page as large as it likes")
    assert outbox.add_event(b"1234")
    assert not outbox.add_event(b"5")
    assert (taken(outbox), outbox.bytes_left) == ([], 0)


def test_events_that_were_taken_no_longer_count() -> None:
    outbox = Outbox(4)
    for _ in range(3):
        assert outbox.add_event(b"1234")
        assert outbox.take() == [b"1234"]


def test_what_is_sent_in_one_piece_is_not_much() -> None:
    outbox = Outbox(10)
    frames = [b"x" * TAKEN_AT_ONCE, *[b"y" * (TAKEN_AT_ONCE // 2)] * 3]
    for frame in frames:
        outbox.add(frame)
    assert [outbox.take(), outbox.take(), outbox.take(), outbox.take()] == [frames[:1], frames[1:3], frames[3:], []]


async def test_there_is_room_again_when_enough_was_taken() -> None:
    outbox = Outbox(4)
    await outbox.room()
    outbox.add(b"12")
    outbox.add_event(b"34")
    waiting = asyncio.create_task(outbox.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    outbox.take()
    await waiting
