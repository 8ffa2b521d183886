import asyncio
from typing import Any

import pytest

from casebaton.errors import Invalid, Refused
from casebaton.store import workspaces
from casebaton.workspace import document
from tests.engine import BASIC, Engine
from tests.store.soundness import WatchedEngine

WITH_AGENTS = BASIC + '[agents.ana]\nname = "Ana"\nteam = "north"\nqueues = ["support", "billing"]\n[agents.bo]\n'


async def apply(engine: Engine, text: str, **asked: Any) -> workspaces.Applied:
    return await workspaces.apply(engine.store, engine.workspace, document.parse(text), now=engine.now, **asked)


async def test_a_document_becomes_structure_and_roster(watched: WatchedEngine) -> None:
    applied = await apply(watched, WITH_AGENTS)
    assert (applied.version, applied.structure_changed, applied.agents, applied.refused) == (1, False, 2, ())
    found = (await watched.agent("ana"))["agent"]
    assert (found["name"], found["team"], found["queues"]) == ("Ana", "north", ["billing", "support"])
    assert (found["capacity"], found["interruptible_capacity"]) == (10, 3)
    assert (await watched.agent("bo"))["agent"]["name"] == "bo"
    assert await workspaces.list_workspaces(watched.store) == ["acme"]
    assert await workspaces.queue_modes(watched.store, "acme") == {
        "billing": "push", "mixed": "both", "pool": "pull", "support": "push",
    }  # fmt: skip


async def test_applied_again_it_changes_nothing_but_the_clock(watched: WatchedEngine) -> None:
    await apply(watched, WITH_AGENTS)
    before = await watched.dump()
    assert not (await apply(watched, WITH_AGENTS)).structure_changed
    assert await watched.dump() == before


async def test_a_changed_setting_is_in_force_at_once_and_logged(watched: WatchedEngine) -> None:
    assert await workspaces.config_version(watched.store, "acme") == 1
    assert (await apply(watched, BASIC.replace("cost = 5", "cost = 2"))).version == 2
    applied = (await watched.events("config_applied"))[-1]
    assert (applied["config"], applied["previous"], applied["actor"]) == (2, 1, "admin:apply")
    await watched.submit("chat", channel="chat")
    assert (await watched.case("chat"))["cost"] == 2


async def test_of_two_at_once_one_wins_and_the_other_is_told(engine: Engine) -> None:
    documents = [BASIC + f"[queues.new-{n}]\n" for n in range(2)]
    results = await asyncio.gather(*(apply(engine, text, previous=1) for text in documents), return_exceptions=True)
    refused = [result for result in results if isinstance(result, Refused)]
    assert [refusal.code for refusal in refused] == ["CONFIG_CHANGED"]
    (winner,) = [n for n, result in enumerate(results) if isinstance(result, workspaces.Applied)]
    modes = await workspaces.queue_modes(engine.store, "acme")
    assert {name for name in modes if name.startswith("new-")} == {f"new-{winner}"}


async def test_a_queue_in_which_a_case_waits_cannot_be_removed(watched: WatchedEngine) -> None:
    await watched.submit("one")
    without = BASIC.replace("[queues.support]\n", "")
    with pytest.raises(Refused, match="QUEUE_NOT_EMPTY"):
        await apply(watched, without)
    assert await watched.line("support") == ["one"]
    await watched.steer("producer", "cancel", "one", reason="withdrawn")
    assert (await apply(watched, without)).structure_changed
    assert "support" not in await workspaces.queue_modes(watched.store, "acme")


async def test_a_removed_queue_retires_for_the_cases_that_are_still_with_agents(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", queues=["support", "billing"])
    await watched.add_agent("bo", queues=["support"])
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    await apply(watched, BASIC.replace("[queues.support]\n", ""))

    assert (await watched.refusal(watched.submit("two"))).code == "UNKNOWN_QUEUE"
    await watched.submit("three", "billing")
    into_it = watched.steer("supervisor", "transfer", "three", queue="support")
    assert (await watched.refusal(into_it)).code == "UNKNOWN_QUEUE"
    joining = watched.set_agent("bo", queues="billing,support")
    assert (await joining)["queues"] == ["billing", "support"]  # bo was a member already
    await watched.act("ana", "return", "one", reason="not_mine", place="keep")
    assert await watched.offers("bo") == ["one"]


async def test_a_channel_that_the_document_no_longer_names_stays_for_its_live_cases(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("chat", channel="chat")
    without = BASIC.replace('[channels.chat]\npool = "primary"\ncost = 5\nmiss_limit = 1\n', "")
    await apply(watched, without)
    assert not (await apply(watched, without)).structure_changed
    await watched.act("ana", "decline", "chat", reason="busy")
    await watched.advance(60)
    await watched.act("ana", "accept", "chat")
    await watched.steer("producer", "cancel", "chat", reason="withdrawn")
    await watched.advance(by=60)
    assert (await watched.case("chat"))["state"] == "cancelled"


async def test_an_agent_that_the_document_no_longer_names_stays(watched: WatchedEngine) -> None:
    await apply(watched, WITH_AGENTS)
    await apply(watched, BASIC)
    assert (await watched.agent("ana"))["agent"]["team"] == "north"


async def test_two_workspaces_share_nothing(watched: WatchedEngine) -> None:
    other = Engine(watched.store, "zeta")
    await other.apply(BASIC)
    await watched.add_agent("ana")
    before = await other.dump()
    await watched.submit("one")
    await watched.act("ana", "accept", "one")
    assert await other.dump() == before
    await other.submit("one")
    assert (await other.case("one"))["state"] == "waiting"
    assert await workspaces.list_workspaces(watched.store) == ["acme", "zeta"]


async def test_an_apply_leaves_what_the_document_does_not_name_of_an_agent(watched: WatchedEngine) -> None:
    await apply(watched, WITH_AGENTS)
    await watched.set_agent("ana", capacity=7, interruptible_capacity=2, queues="pool")
    await apply(watched, BASIC + '[agents.ana]\nteam = "south"\n')
    found = (await watched.agent("ana"))["agent"]
    assert (found["name"], found["team"], found["capacity"], found["queues"]) == ("Ana", "south", 7, ["pool"])


async def test_a_new_agent_begins_with_what_the_document_says_it_does(watched: WatchedEngine) -> None:
    await apply(watched, BASIC + "[agents.ana]\n[agents.bo]\ncapacity = 2\n")
    for agent, limits in (("ana", (document.CAPACITY, document.INTERRUPTIBLE_CAPACITY)), ("bo", (2, 2))):
        found = (await watched.agent(agent))["agent"]
        assert (found["name"], found["team"], found["queues"]) == (agent, "", [])
        assert (found["capacity"], found["interruptible_capacity"]) == limits


async def test_an_agent_that_would_not_fit_what_it_is_keeps_the_whole_document_out(watched: WatchedEngine) -> None:
    await apply(watched, WITH_AGENTS)
    before = await watched.dump()
    with pytest.raises(
        Invalid, match=r"^INVALID: \$\.agents\.ana: interruptible capacity 3 would be above capacity 2$"
    ):
        await apply(watched, BASIC + "[queues.new]\n[agents.ana]\ncapacity = 2\n")
    assert await watched.dump() == before


async def test_a_document_that_does_not_fit_creates_no_workspace(engine: Engine) -> None:
    wanted = document.parse(BASIC + "[agents.ana]\ninterruptible_capacity = 11\n")
    with pytest.raises(Invalid, match=r"\$\.agents\.ana: "):
        await workspaces.apply(engine.store, "zeta", wanted)
    assert await workspaces.list_workspaces(engine.store) == ["acme"]
    assert not await engine.store.redis.keys("{zeta}:*")


async def test_every_event_says_which_configuration_was_in_force(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one")
    await apply(watched, BASIC + "[queues.new]\n")
    await watched.act("ana", "accept", "one")
    found = [(event["type"], event["config"]) for event in await watched.events()]
    assert found == [
        ("workspace_created", 0), ("config_applied", 1), ("agent_updated", 1), ("agent_presence_changed", 1),
        ("agent_status_changed", 1), ("case_queued", 1), ("case_offered", 1), ("config_applied", 2),
        ("case_accepted", 2),
    ]  # fmt: skip
