"""The connection: hello, states, losses, close codes, draining, gaps."""

import asyncio
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebaton.client import Client, ConnectionEnded, ConnectionState, Event
from casebaton.client.connection import back_off
from tests.client.conftest import Stage
from tests.client.peer import WITHIN_S, a_case, a_snapshot, until


async def ended(client: Client) -> ConnectionEnded:
    """Wait until the client gives up, and say why."""
    async with asyncio.timeout(WITHIN_S):
        with pytest.raises(ConnectionEnded) as end:
            async for _ in client.agent().offers():
                pass
    return end.value


async def heard(client: Client) -> None:
    """Wait for the client's next event."""
    news = asyncio.Event()
    stop = client.on_event(lambda _: news.set())
    async with asyncio.timeout(WITHIN_S):
        await news.wait()
    stop()


async def test_it_says_hello_with_its_token_and_protocol(stage: Stage) -> None:
    client, peer = await stage.connected(token="secret")

    assert peer.hello == {"type": "hello", "token": "secret", "protocol": 1}
    assert client.state == "connected"
    assert client.role == "agent"


async def test_a_loss_is_connecting_until_the_next_welcome(stage: Stage) -> None:
    client, peer = await stage.connected()
    states: list[ConnectionState] = []
    client.on_state(states.append)

    peer.drop()
    await stage.returned()
    await until(client, lambda: client.state == "connected")
    await client.close()

    assert states == ["connecting", "connected", "disconnected"]


async def test_closing_says_goodbye(stage: Stage) -> None:
    client, peer = await stage.connected()

    await client.close()

    assert await peer.closed() == 1000
    assert client.state == "disconnected"


@given(attempt=st.integers(0, 5000), chance=st.floats(0, 1, exclude_max=True), is_answered=st.booleans())
def test_the_delay_is_fully_jittered_and_capped_sooner_where_nobody_answers(
    attempt: int, chance: float, is_answered: bool
) -> None:
    class Chance:
        def random(self) -> float:
            return chance

        def getrandbits(self, k: int, /) -> int:
            raise NotImplementedError

    longest = 20 if is_answered or attempt >= 30 else 2

    assert back_off(attempt, Chance(), is_answered=is_answered) == chance * min(longest, 0.5 * 2 ** min(attempt, 6))


async def test_delays_double_until_a_connection_has_lasted_five_seconds(stage: Stage) -> None:
    client, peer = await stage.connected()

    for delay, lasted in ((0.25, 0), (0.5, 4.9), (1.0, 4.9), (0.25, 5.0), (0.5, 0)):
        stage.clock.advance(lasted)
        peer.drop()
        await stage.clock.waits(delay)
        stage.clock.advance(delay)
        peer = await stage.script.peer()
        await peer.welcome()
        await until(client, lambda: client.state == "connected")


async def test_it_keeps_trying_a_server_that_does_not_answer(stage: Stage) -> None:
    port = stage.script.port
    await stage.script.stop()
    client = stage.client()
    states: list[ConnectionState] = []
    client.on_state(states.append)
    opening = asyncio.create_task(client.open())

    await stage.clock.waits(0.25)
    stage.clock.advance(0.25)
    await stage.clock.waits(0.5)
    await stage.script.start(port)
    stage.clock.advance(0.5)
    await (await stage.script.peer()).welcome()

    await opening
    assert states == ["connecting", "connected"]


async def test_where_nobody_answers_it_tries_every_two_seconds_at_most(stage: Stage) -> None:
    client, peer = await stage.connected()
    await stage.script.stop()
    peer.drop()

    for delay in (0.25, 0.5, 1.0, 1.0, 1.0):
        await stage.clock.waits(delay)
        stage.clock.advance(delay)

    await stage.clock.waits(1.0)
    assert client.state == "connecting"


async def test_after_15_s_of_silence_it_asks_whether_the_server_is_there(stage: Stage) -> None:
    client, peer = await stage.connected()

    for silence in (15.0, 10.0):  # 10 s more than the 5 s in which the answer came
        await stage.clock.waits(silence)
        stage.clock.advance(silence)
        command = await peer.command()
        assert command["type"] == "ping"
        hearing = asyncio.create_task(heard(client))
        await peer.reply(command)
        await peer.event("config_applied")  # by which the test knows that the reply is in
        await hearing
        await stage.clock.waits(5.0)
        stage.clock.advance(5.0)

    await stage.clock.waits(10.0)
    assert client.state == "connected"


async def test_where_something_comes_nobody_is_asked(stage: Stage) -> None:
    client, peer = await stage.connected(role="producer")

    await stage.clock.waits(15.0)
    stage.clock.advance(14.0)
    hearing = asyncio.create_task(heard(client))
    await peer.event("config_applied")
    await hearing
    stage.clock.advance(1.0)
    await stage.clock.waits(14.0)
    asking = asyncio.create_task(client.cancel("c-1", "spam"))

    command = await peer.command()
    assert command["type"] == "cancel_case"
    await peer.reply(command)
    await asking


async def test_a_server_that_stays_silent_is_left_and_looked_for_anew(stage: Stage) -> None:
    client, peer = await stage.connected()

    await stage.clock.waits(15.0)
    stage.clock.advance(15.0)
    assert (await peer.command())["type"] == "ping"
    await stage.clock.waits(5.0)
    stage.clock.advance(5.0)

    assert await peer.closed() == 1006
    await stage.returned()
    await until(client, lambda: client.state == "connected")


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 4000, 4001, 4002, 4003, 4999])
async def test_it_comes_back_after(code: int, stage: Stage) -> None:
    client, peer = await stage.connected()

    await peer.close(code)
    await stage.returned(a_snapshot(a_case("c-1", "active")))

    await until(client, lambda: client.state == "connected")
    assert set(client.view.desk) == {"c-1"}


@pytest.mark.parametrize("code", [4400, 4403, 4404, 4406, 4429])
async def test_it_does_not_come_back_after(code: int, stage: Stage) -> None:
    client, peer = await stage.connected()

    await peer.close(code, "go away")

    end = await ended(client)
    assert (end.close_code, end.reason) == (code, "go away")
    assert client.state == "disconnected"


async def test_opening_raises_what_ends_it(stage: Stage) -> None:
    opening = asyncio.create_task(stage.client().open())
    await (await stage.script.peer()).close(4404, "no such workspace")

    with pytest.raises(ConnectionEnded, match="4404 no such workspace"):
        await opening


async def test_opening_can_be_given_up(stage: Stage) -> None:
    client = stage.client()
    opening = asyncio.create_task(client.open())
    peer = await stage.script.peer()

    opening.cancel()

    assert await peer.closed() == 1000
    assert client.state == "disconnected"


async def test_a_refused_handshake_ends_it(stage: Stage) -> None:
    stage.script.statuses.append(HTTPStatus.NOT_FOUND)

    with pytest.raises(ConnectionEnded) as end:
        await stage.client().open()

    assert end.value.close_code == 404


async def test_a_busy_or_stopping_server_is_tried_again(stage: Stage) -> None:
    stage.script.statuses += [HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.FORBIDDEN]
    client = stage.client()
    opening = asyncio.create_task(client.open())

    for delay in (0.25, 0.5):
        await stage.clock.waits(delay)
        stage.clock.advance(delay)
    await (await stage.script.peer()).welcome()

    await opening
    assert client.state == "connected"


class Tokens:
    """Hands out t-1, t-2, …"""

    def __init__(self) -> None:
        self.given = 0

    async def __call__(self) -> str:
        self.given += 1
        return f"t-{self.given}"


async def test_a_refused_token_is_replaced_at_once(stage: Stage) -> None:
    tokens = Tokens()
    _, peer = await stage.connected(token=None, token_provider=tokens)
    assert peer.hello["token"] == "t-1"

    await peer.close(4401, "expired")

    again = await stage.script.peer()
    assert again.hello["token"] == "t-2"
    await again.welcome()


async def test_a_refusal_in_words_before_the_close_code_changes_nothing(stage: Stage) -> None:
    opening = asyncio.create_task(stage.client(token="old", token_provider=Tokens()).open())
    peer = await stage.script.peer()

    await peer.refuse({"id": None}, "UNAUTHENTICATED")
    await peer.close(4401)

    again = await stage.script.peer()
    await again.welcome()
    await opening
    assert (peer.hello["token"], again.hello["token"]) == ("old", "t-1")


async def test_a_token_is_kept_through_losses(stage: Stage) -> None:
    tokens = Tokens()
    _, peer = await stage.connected(token=None, token_provider=tokens)

    peer.drop()

    assert (await stage.returned()).hello["token"] == "t-1"
    assert tokens.given == 1


async def test_a_fresh_token_that_is_refused_ends_it(stage: Stage) -> None:
    tokens = Tokens()
    client, peer = await stage.connected(token=None, token_provider=tokens)

    await peer.close(4401)
    await (await stage.script.peer()).close(4401, "who are you?")

    assert (await ended(client)).reason == "who are you?"
    assert tokens.given == 2


async def test_a_fixed_token_that_is_refused_ends_it(stage: Stage) -> None:
    client, peer = await stage.connected()

    await peer.close(4401)

    assert (await ended(client)).close_code == 4401


async def test_a_failing_token_provider_ends_it(stage: Stage) -> None:
    async def no_token() -> str:
        raise OSError("no network")

    with pytest.raises(ConnectionEnded, match="token provider failed") as end:
        await stage.client(token=None, token_provider=no_token).open()

    assert isinstance(end.value.__cause__, OSError)


async def test_a_draining_node_is_left_when_it_said(stage: Stage) -> None:
    _, peer = await stage.connected()

    await peer.say({"type": "draining", "reconnect_after_ms": 3000})
    await stage.clock.waits(3.0)
    assert not stage.script.has_arrival()
    stage.clock.advance(3.0)

    assert await peer.closed() == 1000
    await (await stage.script.peer()).welcome()


async def test_a_node_that_stops_early_is_not_rushed_back_to(stage: Stage) -> None:
    client, peer = await stage.connected()

    await peer.say({"type": "draining", "reconnect_after_ms": 3000})
    await stage.clock.waits(3.0)
    stage.clock.advance(1.0)
    await peer.close(1012)
    await stage.clock.waits(2.0)
    assert client.state == "connecting"
    stage.clock.advance(2.0)

    await (await stage.script.peer()).welcome()


async def test_a_gap_in_the_events_brings_a_new_snapshot(stage: Stage) -> None:
    client, peer = await stage.connected()
    heard: list[Event] = []
    client.on_event(heard.append)

    await peer.event("case_offered", a_case("c-1", "offered"))
    await peer.event("case_offered", a_case("c-3", "offered"), seq=3)

    assert await peer.closed() == 4002
    peer = await stage.returned(a_snapshot(a_case("c-2", "active")))
    await peer.event("case_offered", a_case("c-4", "offered"))
    await until(client, lambda: "c-4" in client.view.offers)
    assert [event.case for event in heard] == ["c-1", "c-4"]
    assert (set(client.view.offers), set(client.view.desk)) == ({"c-4"}, {"c-2"})


async def test_a_repeated_event_is_a_gap_too(stage: Stage) -> None:
    _, peer = await stage.connected()

    await peer.event("config_applied", config=2)
    await peer.event("config_applied", config=2, seq=1)

    assert await peer.closed() == 4002


async def test_what_it_does_not_know_is_let_pass(stage: Stage) -> None:
    client, peer = await stage.connected()

    await peer.event("moon_rose", phase="full")
    await peer.event("case_painted", case={"no": "id"}, held="much", queue=7)
    await peer.event("case_offered", a_case("c-1", "offered", colour="red"))

    await until(client, lambda: "c-1" in client.view.offers)


async def test_a_known_event_that_cannot_be_read_ends_it(stage: Stage) -> None:
    client, peer = await stage.connected()

    await peer.event("case_offered", a_case("c-1", "offered", revision="two"))

    end = await ended(client)
    assert end.close_code == 1002
    assert "$.revision" in end.reason


@pytest.mark.parametrize(
    ("frame", "code"),
    [({"type": "config_applied", "seq": 1}, 1002), ({"type": "welcome", "protocol": 1}, 1002)],
)
async def test_a_first_frame_that_is_no_welcome_ends_it(frame: dict[str, object], code: int, stage: Stage) -> None:
    opening = asyncio.create_task(stage.client().open())
    await (await stage.script.peer()).say(frame)

    with pytest.raises(ConnectionEnded) as end:
        await opening

    assert end.value.close_code == code


async def test_another_protocol_ends_it(stage: Stage) -> None:
    opening = asyncio.create_task(stage.client().open())
    await (await stage.script.peer()).welcome(protocol=2)

    with pytest.raises(ConnectionEnded, match="protocol 2"):
        await opening


async def test_it_tells_the_servers_time(stage: Stage) -> None:
    client, _ = await stage.connected()
    assert client.server_time_ms() == 1_000_000

    stage.clock.advance(2.5)

    assert client.server_time_ms() == 1_002_500


async def test_a_callback_that_fails_is_reported_and_harms_nobody(stage: Stage) -> None:
    reports: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
    client, peer = await stage.connected()

    def fail(event: Event) -> None:
        raise ValueError(event.type)

    client.on_event(fail)
    await peer.event("config_applied")
    await peer.event("case_offered", a_case("c-1", "offered"))

    await until(client, lambda: "c-1" in client.view.offers)
    assert [str(report["exception"]) for report in reports] == ["config_applied", "case_offered"]
