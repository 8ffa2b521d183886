from pathlib import Path

import pytest

from loadtest.peers import sockets
from loadtest.peers.desks import Refused, open_desks


async def test_every_trip_to_an_echo_counts_once_and_costs_it_two_frames() -> None:
    async with sockets.open_echo("uvicorn") as trips:
        found = await trips(300)
    assert (found.count, found.frames) == (300, 600)
    assert float(found) > 0


async def test_over_sockets_cases_live_to_their_end_and_accepts_are_counted_with_their_events(tmp_path: Path) -> None:
    async with open_desks(tmp_path, classes=1, capacity=10, offer_limit=10) as desks:
        assert await desks.lives_per_second(200) > 0
        found = await sockets.accept_trips(desks, 1000)
        assert (found.count, found.frames) == (1000, 3000)
        with pytest.raises(Refused, match="CASE_NOT_FOUND"):
            await desks.agents[0].command("complete_case", case="nobody", baton="b")
