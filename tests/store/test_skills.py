"""Who may have a case: skills with levels and dates, what is only asked for at first, tiers."""

from casebaton.store import skills, workspaces
from casebaton.workspace import document
from tests.engine import BASIC, START, Engine
from tests.store.soundness import WatchedEngine


async def test_a_case_goes_to_who_has_every_skill_at_its_level(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", skills="german=2")
    await watched.add_agent("bo", skills="billing=1,german=3")
    await watched.add_agent("cy", skills="billing=5")
    await watched.submit("one", skills="billing=1&german=3")
    assert await watched.offers("bo") == ["one"]
    assert (await watched.case("one"))["skills"] == {"billing": 1, "german": 3}


async def test_a_case_that_nobody_can_have_waits_without_holding_others_up(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one", skills="german=1")
    await watched.submit("two")
    assert await watched.waits("one")
    assert await watched.offers("ana") == ["two"]


async def test_a_skill_learnt_is_used_at_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one", skills="german=2")
    await watched.set_agent("ana", skills="german=1")
    assert await watched.waits("one")
    await watched.set_agent("ana", skills="german=2")
    assert await watched.offers("ana") == ["one"]
    assert (await watched.agent("ana"))["agent"]["skills"] == {"german": 2}


async def test_a_skill_lost_keeps_what_comes_away(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", skills="german=1")
    await watched.submit("one", skills="german=1")
    await watched.act("ana", "accept", "one")
    await watched.set_agent("ana", skills="-")
    await watched.submit("two", skills="german=1")
    assert await watched.waits("two")
    assert await watched.desk("ana") == ["one"]


async def test_a_skill_counts_from_its_first_day_to_its_last(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", skills=skills.of_agent({"german": 3}, {"german": (START + 60_000, START + 120_000)}))
    await watched.submit("one", skills="german=1")
    await watched.advance(59)
    assert await watched.waits("one")
    await watched.advance(60)
    assert await watched.offers("ana") == ["one"]
    await watched.act("ana", "accept", "one")
    await watched.advance(120)
    await watched.submit("two", skills="german=1")
    assert await watched.waits("two")
    shown = (await watched.agent("ana"))["agent"]
    assert shown["skill_dates"] == {"german": {"since_ms": START + 60_000, "until_ms": START + 120_000}}


async def test_the_next_timer_is_told_as_a_whole_number_however_far_away(watched: WatchedEngine) -> None:
    await workspaces.apply(watched.store, "far", document.parse(BASIC))  # where nothing else is due
    far = Engine(watched.store, "far")
    await far.set_agent("ana", create=1, skills=skills.of_agent({"german": 3}, {"german": (0, 2**53 - 1)}))
    answer = await far.run("advance", ("engine", "timers"), command_id="", limit=50, silent_ms="")
    assert answer["next_ms"] == 2**53 - 1 - far.now


async def test_a_skill_without_dates_has_no_timer(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", skills=skills.of_agent({"german": 3}, {"german": (0, START + 60_000)}))
    await watched.set_agent("ana", skills=skills.of_agent({"german": 3}, {}))
    timers = await watched.store.redis.zrange(f"{{{watched.workspace}}}:timers", 0, -1)
    assert not [timer for timer in timers if timer.startswith(b"skill:")]


async def test_a_case_that_asks_for_less_is_matched_at_once(watched: WatchedEngine) -> None:
    await watched.add_agent("ana")
    await watched.submit("one", skills="german=1")
    await watched.steer("supervisor", "update", "one", skills="-")
    assert await watched.offers("ana") == ["one"]


async def test_a_case_that_asks_for_more_waits_for_who_can(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=1)
    await watched.submit("zero")
    await watched.submit("one")
    await watched.steer("supervisor", "update", "one", skills="german=1")
    await watched.act("ana", "accept", "zero")
    await watched.act("ana", "complete", "zero")
    assert await watched.waits("one")


async def test_a_queue_asks_for_its_own_skills_only_of_its_own_cases(watched: WatchedEngine) -> None:
    await watched.apply(BASIC.replace("[queues.billing]", "[queues.billing]\nskills = {loans = 1}"))
    await watched.add_agent("ana", queues=["billing", "support"])
    await watched.submit("one", "billing")
    assert await watched.waits("one")
    await watched.steer("supervisor", "transfer", "one", queue="support")
    assert await watched.offers("ana") == ["one"]


async def test_a_rule_turns_what_a_case_says_into_skills(watched: WatchedEngine) -> None:
    rules = """
    [[skill_rules]]
    field = "data.person.language"
    value = "de"
    skills = {german = 2}
    [[skill_rules]]
    field = "channel"
    value = "chat"
    skills = {billing = 1}
    """
    await watched.apply(BASIC + rules)
    await watched.submit("both", channel="chat", data='{"person":{"language":"de"}}')
    await watched.submit("none", data='{"person":"de"}')
    await watched.submit("more", data='{"person":{"language":"de"}}', skills="german=1&loans=1")
    assert (await watched.case("both"))["skills"] == {"billing": 1, "german": 2}
    assert "skills" not in await watched.case("none")
    assert (await watched.case("more"))["skills"] == {"german": 2, "loans": 1}
    await watched.apply(BASIC)
    await watched.submit("plain", data='{"person":{"language":"de"}}')
    assert "skills" not in await watched.case("plain")


async def test_of_several_tiers_the_lowest_is_asked_first(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", tiers="support=1")
    watched.now += 1000
    await watched.add_agent("bo")
    await watched.submit("one")
    assert await watched.offers("bo") == ["one"]
    await watched.submit("two")
    assert await watched.offers("ana") == ["two"]
