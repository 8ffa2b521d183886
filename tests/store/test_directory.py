"""By what agents are found, through changes of their names."""

from casebaton.store import names
from casebaton.store.keys import key
from tests.engine import Engine
from tests.store.soundness import WatchedEngine

SUE = ("supervisor", "sue")


async def name(engine: Engine, agent: str, name: str) -> None:
    await engine.set_agent(agent, create=1, name=name, name_keys=names.keys(name))


async def found(engine: Engine, text: str) -> list[str]:
    """Who is found for case `one` by a text."""
    page = await engine.run("find_colleagues", SUE, command_id="", case="one", key=names.key(text), limit=20)
    return [item["agent"] for item in page["others"]]


async def test_an_agent_is_found_by_its_id_and_by_its_name(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await name(watched, "A-7", "Jörg Müller")
    await watched.set_agent("a-8", create=1)
    assert await found(watched, "a-") == ["A-7", "a-8"]
    assert await found(watched, "MULL") == await found(watched, "jorg m") == ["A-7"]
    assert await found(watched, "org") == []


async def test_an_agent_is_found_by_its_new_name_alone(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await name(watched, "ana", "Ana Berg")
    await name(watched, "ana", "Ana Dahl")
    assert (await found(watched, "berg"), await found(watched, "dahl")) == ([], ["ana"])
    await watched.set_agent("ana", capacity=5)
    assert await found(watched, "dahl") == ["ana"], "what a change does not name stays"


async def test_who_has_left_is_found_no_more(watched: WatchedEngine) -> None:
    await watched.submit("one")
    await name(watched, "ana", "Ana Berg")
    await watched.run("remove_agent", ("admin", "ann"), agent="ana")
    assert await found(watched, "ana") == []
    assert not await watched.store.redis.exists("{acme}:names", "{acme}:name_keys:ana")


async def test_what_agents_are_called_is_told_to_anybody(engine: Engine) -> None:
    await name(engine, "ana", 'Ana "Queen" Berg')
    await engine.set_agent("bo", create=1, team="north")
    page = await engine.run("read_names", ("agent", "bo"), command_id="", agents="ana,nobody,bo")
    assert page["items"] == [
        {"agent": "ana", "name": 'Ana "Queen" Berg', "team": ""},
        {"agent": "bo", "name": "bo", "team": "north"},
    ]


async def test_the_audit_sees_an_agent_whom_its_name_does_not_find(engine: Engine) -> None:
    await name(engine, "ana", "Ana Berg")
    await engine.store.redis.set(key(engine.workspace, "name_keys:ana"), "ana dahl")
    slice_ = await engine.run("audit_agent", SUE, command_id="", agent="ana")
    assert slice_["disagreements"] == ["names"]
