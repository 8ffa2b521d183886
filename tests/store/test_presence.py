"""connect, disconnect, renew and release_node: what the server knows of who is there."""

from typing import Any

from tests.engine import LEASE_MS, NODE
from tests.store.soundness import WatchedEngine, assert_sound


async def presence(engine: WatchedEngine, agent: str) -> str:
    return str((await engine.agent(agent))["agent"]["presence"])


async def presences(engine: WatchedEngine) -> list[tuple[str, str]]:
    """The presence events so far: agent and what it became."""
    return [(event["agent"], event["presence"]) for event in await engine.events("agent_presence_changed")]


async def renew(engine: WatchedEngine, node: str = NODE) -> Any:
    return await engine.run("renew", ("engine", node), command_id="", node=node, lease_ms=LEASE_MS)


async def pass_silently(engine: WatchedEngine, seconds: int) -> None:
    """Time passes with ticks, but no node renews its lease."""
    for _ in range(seconds):
        engine.now += 1000
        await engine.tick()


class TestConnections:
    async def test_the_first_makes_the_agent_connected_and_the_last_begins_grace(self, watched: WatchedEngine) -> None:
        await watched.set_agent("ana", create=1, queues="support")
        await watched.connect("ana", "tab")
        await watched.connect("ana", "phone")
        assert await presence(watched, "ana") == "connected"
        await watched.disconnect("ana", "tab")
        assert await presence(watched, "ana") == "connected"
        await watched.disconnect("ana", "phone")
        assert await presence(watched, "ana") == "grace"
        assert await presences(watched) == [("ana", "connected"), ("ana", "grace")]

    async def test_sent_twice_the_second_changes_nothing_but_the_clock(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        before = await watched.dump()
        await watched.connect("ana")
        assert await watched.dump() == before
        await watched.disconnect("ana")
        before = await watched.dump()
        assert await watched.disconnect("ana") == {}
        assert await watched.disconnect("nobody") == {}
        assert await watched.dump() == before

    async def test_the_answer_is_the_agents_snapshot(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.act("ana", "accept", "one")
        await watched.submit("two")
        await watched.submit("three")
        snapshot = await watched.connect("ana", "ana-2")
        assert [case["case"] for case in snapshot["desk"]] == ["one"]
        assert [(case["case"], case["deadline_at_ms"]) for case in snapshot["offers"]] == [
            ("two", watched.now + 30_000)
        ]
        assert snapshot["queues"] == [
            {"queue": "support", "mode": "push", "waiting": 1, "paused": False, "draining": False, "open": True}
        ]
        assert snapshot["agent"]["held_interruptible"] == 2

    async def test_grace_takes_the_offer_back_and_then_the_agent_is_gone(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.submit("two")
        await watched.act("ana", "accept", "one")
        await watched.disconnect("ana")
        await watched.advance(4)
        assert await watched.offers("ana") == ["two"]
        await watched.advance(5)
        assert await watched.offers("ana") == []
        await watched.advance(19)
        assert await presence(watched, "ana") == "grace"
        await watched.advance(20)
        assert await presence(watched, "ana") == "gone"
        assert await watched.desk("ana") == ["one"]
        (revoked,) = await watched.events("offer_revoked")
        assert (revoked["case"], revoked["reason"]) == ("two", "agent_lost")

    async def test_back_from_gone_counts_as_signing_in_back_from_grace_does_not(self, watched: WatchedEngine) -> None:
        for agent in ("ana", "bo"):
            await watched.add_agent(agent)
        idle_at = (await watched.agent("ana"))["agent"]["idle_at_ms"]
        for agent in ("ana", "bo"):
            await watched.disconnect(agent)
        await watched.advance(10)
        await watched.connect("ana")
        assert (await watched.agent("ana"))["agent"]["idle_at_ms"] == idle_at
        await watched.advance(30)
        await watched.connect("bo")
        assert (await watched.agent("bo"))["agent"]["idle_at_ms"] == watched.now
        assert await presence(watched, "ana") == "connected"

    async def test_a_short_return_begins_grace_afresh(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.submit("one")
        await watched.disconnect("ana")
        await watched.advance(4)
        await watched.connect("ana")
        await watched.advance(5)
        await watched.disconnect("ana")
        await watched.advance(9)
        assert await watched.offers("ana") == ["one"]
        await watched.advance(10)
        assert await watched.offers("ana") == []

    async def test_a_removed_agents_connections_are_nobodys(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.connect("ana", "phone", node="node-b")
        await watched.run("remove_agent", ("admin", "apply"), agent="ana")
        await watched.set_agent("ana", create=1)
        assert await watched.disconnect("ana", "phone", node="node-b") == {}
        await pass_silently(watched, 6)
        assert await presence(watched, "ana") == "gone"
        await watched.connect("ana", "tab", node="node-c")
        await watched.disconnect("ana", "tab", node="node-c")
        assert await presence(watched, "ana") == "grace"


class TestLeases:
    async def test_a_dead_nodes_120_connections_end_in_slices(self, watched: WatchedEngine) -> None:
        watched.watching = False
        agents = [f"a-{n:03}" for n in range(120)]
        for agent in agents:
            await watched.set_agent(agent, create=1)
            await watched.connect(agent, node="node-b")
        await watched.connect(agents[0], "elsewhere", node=NODE)
        watched.watching = True
        for _ in range(4):
            watched.now += 1000
            await renew(watched)
            await watched.tick()
        assert {kind for _, kind in await presences(watched)} == {"connected"}
        watched.now += 1000
        await renew(watched)
        ended = []
        for _ in range(4):
            await watched.run("advance", ("engine", "timers"), command_id="", limit=1, silent_ms="")
            ended.append(sum(kind == "grace" for _, kind in await presences(watched)))
        assert 49 <= ended[0] <= 50  # the one who has a connection elsewhere may be among them
        assert ended[1] - ended[0] <= 50
        assert ended[2:] == [119, 119]
        assert await presence(watched, agents[0]) == "connected"

    async def test_a_lost_lease_stays_lost(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await pass_silently(watched, 5)
        assert await presence(watched, "ana") == "grace"
        assert (await watched.refusal(renew(watched))).code == "LEASE_LOST"
        assert (await watched.refusal(watched.connect_to(NODE, "ana", "ana-2"))).code == "LEASE_LOST"
        await watched.connect("ana", "ana-2", node="node-a-again")
        assert await presence(watched, "ana") == "connected"
        await renew(watched, "node-a-again")

    async def test_no_connection_makes_a_lease_of_its_own(self, watched: WatchedEngine) -> None:
        await watched.set_agent("ana", create=1)
        assert (await watched.refusal(watched.connect_to(NODE, "ana", "tab"))).code == "LEASE_LOST"
        await watched.take_lease()
        await watched.connect_to(NODE, "ana", "tab")
        assert await presence(watched, "ana") == "connected"

    async def test_a_connection_shows_that_its_node_lives(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await pass_silently(watched, 4)
        await watched.connect_to(NODE, "ana", "ana-2")
        await pass_silently(watched, 4)
        assert await presences(watched) == [("ana", "connected")]
        await pass_silently(watched, 1)
        assert await presence(watched, "ana") == "grace"

    async def test_who_is_connected_afresh_before_the_lost_lease_is_reaped_was_never_away(
        self, watched: WatchedEngine
    ) -> None:
        await watched.add_agent("ana")
        await watched.run("release_node", ("engine", NODE), command_id="", node=NODE)
        await watched.connect("ana", node="node-a-again")
        await watched.tick()
        assert await presences(watched) == [("ana", "connected")]
        await watched.disconnect("ana", node="node-a-again")
        assert await presence(watched, "ana") == "grace"

    async def test_connections_of_a_dead_node_do_not_count_towards_the_limit(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.take_lease("node-b")
        assert (
            await watched.refusal(watched.connect_to("node-b", "ana", "b-1", limit=1))
        ).code == "TOO_MANY_CONNECTIONS"
        await watched.run("release_node", ("engine", NODE), command_id="", node=NODE)
        await watched.connect_to("node-b", "ana", "b-1", limit=1)
        assert (
            await watched.refusal(watched.connect_to("node-b", "ana", "b-2", limit=1))
        ).code == "TOO_MANY_CONNECTIONS"

    async def test_a_connection_that_is_known_counts_once(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.connect_to(NODE, "ana", "ana-1", limit=1)
        refused = await watched.refusal(watched.connect_to(NODE, "ana", "ana-2", limit=1))
        assert refused.code == "TOO_MANY_CONNECTIONS"

    async def test_renewed_in_time_it_lasts(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.advance(60)
        assert await presence(watched, "ana") == "connected"

    async def test_a_stopping_node_gives_its_lease_back_at_once(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.run("release_node", ("engine", NODE), command_id="", node=NODE)
        await watched.tick()
        assert await presence(watched, "ana") == "grace"
        assert (await watched.refusal(renew(watched))).code == "LEASE_LOST"
        await watched.connect("ana", "ana-2", node="node-b")
        assert await presences(watched) == [("ana", "connected"), ("ana", "grace"), ("ana", "connected")]

    async def test_a_connection_on_another_node_keeps_the_agent(self, watched: WatchedEngine) -> None:
        await watched.add_agent("ana")
        await watched.connect("ana", "phone", node="node-b")
        await watched.run("release_node", ("engine", NODE), command_id="", node=NODE)
        await watched.tick()
        assert await presence(watched, "ana") == "connected"
        await assert_sound(watched)
