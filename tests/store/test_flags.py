"""An agent's raised hand: one at a time, seen by who steers, gone when it is lowered or answered."""

import json
from typing import Any

from casebaton.store import log
from tests.store.soundness import WatchedEngine

SUE = ("supervisor", "sue")


async def raise_flag(engine: WatchedEngine, **about: Any) -> Any:
    return await engine.run("raise_flag", ("agent", "ana"), **about)


async def lower_flag(engine: WatchedEngine) -> Any:
    return await engine.run("lower_flag", ("agent", "ana"))


async def answer_flag(engine: WatchedEngine, text: str = "") -> Any:
    return await engine.run("answer_flag", SUE, agent="ana", text=text)


async def flag(engine: WatchedEngine) -> Any:
    return (await engine.agent("ana"))["agent"]["flag"]


async def test_it_is_kept_with_the_agent_and_its_text_is_what_was_said(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    said = 'He shouts: "\\ ä \u2028"'
    answer = await raise_flag(watched, case="one", text=said)
    assert answer == {"agent": "ana", "flag": {"raised_at_ms": watched.now, "case": "one", "text": said}}
    assert await flag(watched) == answer["flag"]
    (event,) = await watched.events("flag_raised")
    assert (event["actor"], event["agent"], event["case"], event["text"]) == ("agent:ana", "ana", "one", said)


async def test_in_general_and_without_a_word_will_do(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await raise_flag(watched)
    assert await flag(watched) == {"raised_at_ms": watched.now}
    (event,) = await watched.events("flag_raised")
    assert not {"case", "text"} & event.keys()


async def test_the_agent_lowers_it_and_may_raise_another(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await raise_flag(watched, text="help")
    assert (await lower_flag(watched))["flag"] is None
    assert await flag(watched) is None
    assert (await watched.events("flag_lowered"))[0]["actor"] == "agent:ana"
    await raise_flag(watched)
    assert await flag(watched) == {"raised_at_ms": watched.now}


async def test_lowering_what_is_not_up_changes_nothing(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    before = await watched.dump_state()
    await lower_flag(watched)
    assert await watched.dump_state() == before


async def test_an_answer_takes_it_down_and_tells_the_agent(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await raise_flag(watched, case="one")
    await answer_flag(watched, "Coming over")
    assert await flag(watched) is None
    (event,) = await watched.events("flag_answered")
    assert (event["actor"], event["agent"], event["case"], event["text"]) == (
        "supervisor:sue", "ana", "one", "Coming over",
    )  # fmt: skip
    assert (await watched.refusal(answer_flag(watched))).code == "NO_FLAG"


async def test_it_stays_up_when_its_case_has_gone(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await raise_flag(watched, case="one")
    await watched.act("ana", "complete", "one")
    assert (await flag(watched))["case"] == "one"


async def test_only_the_agent_and_who_steers_it_are_told(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["support", "pool"])
    await watched.set_agent("ana", team="Nord & Süd")
    await raise_flag(watched, text="help")
    entry = (await log.read_last(watched.store.redis, watched.workspace, 1))[0]
    assert json.loads(entry.body)["type"] == "flag_raised"
    assert entry.topics == (
        "agent:ana", "steering", "steering/team:Nord%20%26%20S%C3%BCd", "steering/queue:support", "steering/queue:pool",
    )  # fmt: skip
