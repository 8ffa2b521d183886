"""Which case an agent gets, and which agent a case: ranks, orders, choices."""

from tests.engine import BASIC, START
from tests.store.soundness import WatchedEngine


def with_support(*lines: str) -> str:
    return BASIC.replace("[queues.support]", "\n".join(("[queues.support]", *lines)))


class TestOrder:
    async def test_a_step_of_priority_is_worth_its_credit(self, watched: WatchedEngine) -> None:
        credit = 'order = "credit"\ncredit_s = 60\nrank = 1'
        await watched.apply(with_support(credit))
        await watched.submit("old", priority=6)
        watched.now += 50_000
        await watched.submit("urgent", priority=5)
        watched.now += 11_000
        await watched.submit("late", priority=5)
        assert await watched.line("support") == ["urgent", "old", "late"]

    async def test_what_is_due_first_comes_first_and_what_is_never_due_last(self, watched: WatchedEngine) -> None:
        await watched.apply(with_support('order = "due"', "rank = 1"))
        await watched.submit("never", priority=0)
        await watched.submit("later", due_at=START + 7_200_000)
        await watched.submit("soon", due_at=START + 3_600_000)
        assert await watched.line("support") == ["soon", "later", "never"]
        await watched.steer("supervisor", "update", "never", due_at=START + 60_000)
        assert await watched.line("support") == ["never", "soon", "later"]

    async def test_front_and_back_hold_in_every_order(self, watched: WatchedEngine) -> None:
        await watched.apply(with_support('order = "credit"', "credit_s = 60", "rank = 1"))
        await watched.add_agent("ana", room=1)
        await watched.submit("mine", priority=9)
        await watched.act("ana", "accept", "mine")
        await watched.submit("other", priority=5)
        await watched.set_status("ana", "busy")
        await watched.act("ana", "return", "mine", reason="not_mine", place="front")
        assert await watched.line("support") == ["mine", "other"]

    async def test_a_queue_of_lower_rank_comes_first_whatever_waits_elsewhere(self, watched: WatchedEngine) -> None:
        await watched.apply(with_support("rank = 2"))
        await watched.submit("urgent", "support", priority=0)
        await watched.submit("plain", "billing", priority=9)
        await watched.add_agent("ana", queues=["billing", "support"])
        assert await watched.offers("ana") == ["plain"]


class TestChoice:
    async def arrive(self, engine: WatchedEngine, choice: str) -> None:
        """Ana is idle longest, and holds one of her 10 and of her 5 units; Bo holds one of 4."""
        await engine.apply(with_support(f'choice = "{choice}"'))
        await engine.add_agent("ana", room=5)
        await engine.submit("anas")
        await engine.act("ana", "accept", "anas")
        engine.now += 1000
        await engine.add_agent("bo", room=4, queues=["mixed"])
        await engine.submit("bos", "mixed")
        await engine.act("bo", "accept", "bos")
        await engine.set_agent("bo", queues="support")

    async def test_the_longest_idle(self, watched: WatchedEngine) -> None:
        await self.arrive(watched, "longest_idle")
        await watched.submit("one")
        assert await watched.offers("ana") == ["one"]

    async def test_the_one_with_the_fewest_cases(self, watched: WatchedEngine) -> None:
        await self.arrive(watched, "least_active")
        await watched.submit("two", "mixed")
        await watched.set_agent("ana", queues="mixed,support")
        await watched.act("ana", "accept", "two")
        await watched.submit("one")
        assert await watched.offers("bo") == ["one"]

    async def test_the_one_with_the_least_share_in_use(self, watched: WatchedEngine) -> None:
        await self.arrive(watched, "least_loaded")
        await watched.set_agent("ana", interruptible_capacity=3)
        await watched.submit("one")
        assert await watched.offers("bo") == ["one"]

    async def test_the_one_with_the_most_units_free(self, watched: WatchedEngine) -> None:
        await self.arrive(watched, "most_available")
        await watched.set_agent("bo", interruptible_capacity=6)
        await watched.submit("one")
        assert await watched.offers("bo") == ["one"]
        await watched.act("bo", "accept", "one")
        await watched.submit("two")
        assert await watched.offers("ana") == ["two"]


async def test_a_case_may_cost_more_than_its_channel_says(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=3)
    await watched.submit("heavy", cost=3)
    await watched.act("ana", "accept", "heavy")
    assert await watched.load("ana") == (3, 3)
    await watched.submit("light")
    assert await watched.waits("light")


async def test_another_choice_counts_from_when_it_is_in_force(watched: WatchedEngine) -> None:
    await watched.add_agent("ana", room=5)
    await watched.submit("anas")
    await watched.act("ana", "accept", "anas")
    watched.now += 1000
    await watched.add_agent("bo", room=5)
    watched.watching = False
    await watched.apply(with_support('choice = "least_active"'))
    await watched.tick()
    watched.watching = True
    await watched.submit("one")
    assert await watched.offers("bo") == ["one"]
