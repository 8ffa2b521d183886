"""The audit finds every kind of corruption and names it, and finds nothing in a store that is merely busy."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from casebaton import audit
from casebaton.errors import Refused
from casebaton.store import keys, log
from casebaton.store.keys import log_key
from tests.engine import Engine
from tests.store.records import alter
from tests.store.test_fold import FAULTS

Corruption = Callable[[Engine], Awaitable[Any]]


@pytest.fixture
async def busy(engine: Engine) -> Engine:
    """One case in each place: waiting (w), offered (o) and active (a) with Ana, wrapping (x) with Ana; closed (e),
    cancelled (k). Cy's are parked until a time (p), woken without room (q), and on its way to Dan (t).
    """
    await engine.add_agent("ana", queues=["support", "pool"], room=5)
    await engine.submit("e")
    await engine.act("ana", "accept", "e")
    await engine.act("ana", "complete", "e")
    for case in ("a", "x"):
        await engine.submit(case)
        await engine.act("ana", "accept", case)
    await engine.steer("supervisor", "cancel", "x", reason="withdrawn")
    await engine.submit("o")
    await engine.submit("w", "pool", customer="acme")
    await engine.submit("k", "pool")
    await engine.steer("supervisor", "cancel", "k", reason="withdrawn")
    await engine.add_agent("bo", queues=["pool"])
    await engine.add_agent("cy", queues=["billing"])
    for case in ("p", "q"):
        await engine.submit(case, "billing")
        await engine.act("cy", "accept", case)
    await engine.act("cy", "park", "p", wake_at_ms=engine.now + 3_600_000)
    await engine.act("cy", "park", "q")
    await engine.submit("t", "billing")
    await engine.act("cy", "accept", "t")
    await engine.set_agent("cy", interruptible_capacity=1)
    await engine.steer("producer", "update", "q", customer_activity=1)
    await engine.add_agent("dan", queues=["pool"])
    await engine.act("cy", "transfer", "t", agent="dan")
    await engine.add_note("w", "Called back.")
    return engine


async def drop_the_wake_timer(engine: Engine) -> None:
    await key(engine, "timers", "ZREM", f"wake:p:{(await engine.case('p'))['baton']}")


async def drop_the_wake_limit(engine: Engine) -> None:
    await key(engine, "timers", "ZREM", f"waking:q:{(await engine.case('q'))['baton']}")


async def drop_the_transfer_deadline(engine: Engine) -> None:
    await key(engine, "deadlines", "ZREM", f"transfer:t:{(await engine.case('t'))['target_baton']}")


async def check(engine: Engine) -> audit.Report:
    return await audit.check(engine.store, engine.workspace)


async def test_a_sound_store_is_clean(busy: Engine) -> None:
    before = await busy.dump()
    report = await check(busy)
    assert report.is_clean, report.violations
    assert (report.cases, report.agents) == (7, 4)
    assert report.entries > 0
    assert report.to_log_seq == report.events
    assert await busy.dump() == before


async def test_whatever_is_said_of_an_agent_the_log_says_too(busy: Engine) -> None:
    said = {
        "skills": "german=2~1~0,loans=1",
        "tiers": "billing=1,support=2",
        "limits": "case=2,chat=0",
        "auto_accept": 1,
        "ring_factor": 3,
    }
    await busy.set_agent("bo", **said, team="north", capacity=7, queues="billing,pool,support", status="busy")
    await busy.run("raise_flag", ("agent", "bo"), text="help")
    assert (await check(busy)).violations == []


async def key(engine: Engine, name: str, command: str, *args: Any) -> Any:
    """Change a key by hand."""
    return await engine.store.redis.execute_command(command, keys.key(engine.workspace, name), *args)


def by_hand(name: str, command: str, *args: Any) -> Corruption:
    return lambda engine: key(engine, name, command, *args)


def altered(noun: str, name: str, **fields: Any) -> Corruption:
    """A record is changed by hand."""
    return lambda engine: alter(engine, noun, name, **fields)


def forged(**event: Any) -> Corruption:
    """An entry that the engine never wrote."""

    async def forge(engine: Engine) -> None:
        _, seq = await log.last_position(engine.store.redis, engine.workspace)
        body = json.dumps({"log_seq": seq + 1, "at_ms": 0} | event)
        await engine.store.redis.xadd(log_key(engine.workspace), {"to": f"{seq + 1} all", "body": body})
        await key(engine, "meta", "HINCRBY", "seq", 1)

    return forge


async def cut_the_middle(engine: Engine) -> None:
    rows = await engine.store.redis.xrange(log_key(engine.workspace))
    await engine.store.redis.xdel(log_key(engine.workspace), rows[len(rows) // 2][0])


async def cut_the_end(engine: Engine) -> None:
    rows = await engine.store.redis.xrange(log_key(engine.workspace))
    await engine.store.redis.xdel(log_key(engine.workspace), rows[-1][0])


async def drop_the_offer_deadline(engine: Engine) -> None:
    await key(engine, "deadlines", "ZREM", f"offer:o:{(await engine.case('o'))['baton']}")


async def drop_the_wrap_deadline(engine: Engine) -> None:
    await key(engine, "deadlines", "ZREM", f"wrap:x:{(await engine.case('x'))['baton']}")


async def create_eve(engine: Engine) -> None:
    for noun in ("agent", "profile"):
        await key(engine, f"{noun}:ana", "COPY", keys.key(engine.workspace, f"{noun}:eve"))


# What was done -> the code and the place that the report must name.
CORRUPTIONS: dict[str, tuple[Corruption, str, str]] = {
    "a waiting case left its line": (by_hand("line:pool", "ZREM", "w"), "places", "case:w"),
    "a waiting case left its class": (by_hand("wait:pool/case/i1/-/*", "ZREM", "w"), "places", "case:w"),
    "a waiting case stands elsewhere in its line": (by_hand("line:pool", "ZADD", 1, "w"), "places", "case:w"),
    "a queue is paused that nobody paused": (
        altered("queue", "pool", paused="1", shut_ms=0, stopped_ms=0), "queue_differs", "queue:pool",
    ),
    "a class is stopped whose queue is not": (
        by_hand("classes:support", "HSET", "support/case/i1/-/*", "stopped"), "class_state", "queue:support",
    ),
    "an active case left its desk": (by_hand("held:ana", "ZREM", "a"), "places", "case:a"),
    "an active case waits as well": (by_hand("line:support", "ZADD", 1, "a"), "wrong_entry", "line:support"),
    "an active case waits in another queue": (by_hand("line:billing", "ZADD", 1, "a"), "wrong_entry", "line:billing"),
    "a case is in two agents' hands": (by_hand("held:bo", "ZADD", 1, "a"), "wrong_entry", "held:bo"),
    "a waiting case is in somebody's hands": (by_hand("held:bo", "ZADD", 1, "w"), "wrong_entry", "held:bo"),
    "an offer has no deadline": (drop_the_offer_deadline, "places", "case:o"),
    "a wrap-up has no end": (drop_the_wrap_deadline, "places", "case:x"),
    "a parked case never wakes": (drop_the_wake_timer, "places", "case:p"),
    "what has woken waits for ever": (drop_the_wake_limit, "places", "case:q"),
    "what has woken is forgotten": (by_hand("waking:cy", "ZREM", "q"), "places", "case:q"),
    "what has not woken gets room": (by_hand("waking:cy", "ZADD", 1, "p"), "wrong_entry", "waking:cy"),
    "a transfer has no deadline": (drop_the_transfer_deadline, "places", "case:t"),
    "a transfer is not in its target's hands": (by_hand("held:dan", "ZREM", "t"), "places", "case:t"),
    "a transfer rings at somebody else": (altered("case", "t", target="bo"), "case_differs", "case:t.target"),
    "a parked case costs something else": (altered("case", "p", parked_cost=1), "case_differs",
                                           "case:p.parked_cost"),
    "a customer's case is not among its cases": (by_hand("customer:acme", "ZREM", "w"), "places", "case:w"),
    "a customer has a stranger's case": (by_hand("customer:acme", "ZADD", 1, "a"), "wrong_entry", "customer:acme"),
    "a case is at another stage": (altered("case", "a", stage="travelling"), "case_differs", "case:a.stage"),
    "a case lost its card": (by_hand("card:a", "DEL"), "places", "case:a"),
    "a case vanished": (by_hand("case:a", "DEL"), "case_lost", "case:a"),
    "a live case was ended by hand": (altered("case", "a", state="closed"), "case_lost", "case:a"),
    "an ended case lives again": (altered("case", "e", state="waiting"), "case_unknown", "case:e"),
    "a case has another owner": (altered("case", "a", agent="bo"), "case_differs", "case:a.agent"),
    "a case has another state": (altered("case", "a", state="parked"), "case_differs", "case:a.state"),
    "a case has another queue": (altered("case", "w", queue="support"), "case_differs", "case:w.queue"),
    "a case has another baton": (altered("case", "w", baton="forged"), "case_differs", "case:w.baton"),
    "a case has another revision": (altered("case", "w", revision=7), "case_differs", "case:w.revision"),
    "a case costs something else": (altered("case", "a", cost=2), "case_differs", "case:a.cost"),
    "a cool-down is miscounted": (by_hand("cooling:w", "ZADD", 1, "bo"), "places", "case:w"),
    "a card without a case": (by_hand("card:ghost", "SET", "{}"), "left_over", "case:ghost"),
    "data of a case that is over": (by_hand("data:k", "SET", "{}"), "left_over", "case:k"),
    "cool-downs of a closed case": (by_hand("cooling:e", "ZADD", 1, "bo"), "left_over", "case:e"),
    "notes of a case that is over": (by_hand("notes:k", "RPUSH", "{}"), "left_over", "case:k"),
    "a note vanished": (by_hand("notes:w", "LPOP"), "places", "case:w"),
    "notes are miscounted": (altered("case", "w", notes=2), "case_differs", "case:w.notes"),
    "a target clock has no timer": (altered("case", "w", completion_due=2**42), "places", "case:w"),
    "a line with a case nobody knows": (by_hand("line:pool", "ZADD", 1, "ghost"), "wrong_entry", "line:pool"),
    "a class with a case nobody knows": (by_hand("wait:pool/case/i1/-/*", "ZADD", 1, "ghost"), "wrong_entry",
                                         "wait:pool/case/i1/-/*"),
    "hands with an ended case": (by_hand("held:ana", "ZADD", 1, "e"), "wrong_entry", "held:ana"),
    "hands of nobody": (by_hand("held:ghost", "ZADD", 1, "ghost"), "wrong_entry", "held:ghost"),
    "a channel's cases are miscounted": (
        altered("agent", "ana", channel_cases="case=1"), "held", "agent:ana",
    ),
    "an agent is kept free that nobody keeps": (
        altered("agent", "ana", reserved_case="w"), "agent_differs", "agent:ana.reserved_case",
    ),
    "somebody is listed as kept free": (by_hand("kept:pool", "ZADD", 0, "ana"), "wrong_entry", "kept:pool"),
    "a case keeps an agent who does not know": (altered("case", "w", reserved_agent="bo"), "places", "case:w"),
    "held units are not the sum": (altered("agent", "ana", held_interruptible=9), "held", "agent:ana"),
    "held primary units are not the sum": (altered("agent", "ana", held_primary=9), "held", "agent:ana"),
    "open offers are not the sum": (altered("agent", "ana", offers=9), "held", "agent:ana"),
    "an agent has another capacity": (altered("agent", "ana", capacity=99), "agent_differs",
                                      "agent:ana.capacity"),
    "an agent has another status": (altered("agent", "ana", status="busy"), "agent_differs",
                                    "agent:ana.status"),
    "an agent has another label": (altered("agent", "ana", label="lunch"), "agent_differs", "agent:ana.label"),
    "an agent vanished": (by_hand("agent:bo", "DEL"), "agent_lost", "agent:bo"),
    "an agent nobody created": (create_eve, "agent_unknown", "agent:eve"),
    "a ready agent is not listed": (altered("agent", "ana", offers=0), "index", "agent:ana"),
    "a full agent is listed as ready": (by_hand("ready:support/case/i1/-/*", "ZADD", 1, "ana"), "index", "agent:ana"),
    "a stranger is listed as ready": (by_hand("ready:support/case/i1/-/*", "ZADD", 1, "bo"), "wrong_entry",
                                      "ready:support/case/i1/-/*"),
    "a member is not listed": (by_hand("members:pool", "ZREM", "bo"), "index", "agent:bo"),
    "a stranger is a member": (by_hand("members:support", "ZADD", 0, "bo"), "wrong_entry", "members:support"),
    "the log lost an entry": (cut_the_middle, "log_gap", "log"),
    "the log lost its end": (cut_the_end, "log_end", "log"),
    "the log tells of a case nobody knows": (forged(type="case_accepted", case="ghost"), "unknown_case", "case:ghost@"),
    "the log tells of a case that is not stored": (
        forged(type="case_queued", case="ghost", revision=1, state="waiting", owner="queue:pool", queue="pool",
               baton="b", score=1, channel="case", pool="interruptible", cost=1, priority=5),
        "case_lost", "case:ghost"),
    "the log gives an agent more than fits": (
        forged(type="case_taken", case="w", revision=2, state="active", state_before="waiting", owner="agent:cy",
               owner_before="queue:pool", agent="cy", queue="pool", baton="b2", score=1), "over_capacity", "agent:cy@"),
}  # fmt: skip


@pytest.mark.parametrize("what", CORRUPTIONS)
async def test_a_corruption_is_found_and_named(busy: Engine, what: str) -> None:
    corrupt, code, where = CORRUPTIONS[what]
    await corrupt(busy)
    report = await check(busy)
    found = [(violation.code, violation.where) for violation in report.violations]
    assert any(found_code == code and found_where.startswith(where) for found_code, found_where in found), found
    assert report.violation_count == len(report.violations)


async def test_a_report_is_bounded_and_json(busy: Engine) -> None:
    ghosts = {f"ghost-{i}": 1 for i in range(audit.MOST_VIOLATIONS + 50)}
    await busy.store.redis.zadd("{acme}:line:pool", ghosts)
    report = await check(busy)
    assert report.violation_count == len(ghosts)
    assert len(report.violations) == audit.MOST_VIOLATIONS
    assert json.loads(msgspec.json.encode(report))["violation_count"] == len(ghosts)


async def test_progress_is_told(busy: Engine) -> None:
    told: list[tuple[str, int]] = []
    await audit.check(busy.store, busy.workspace, lambda stage, done: told.append((stage, done)))
    assert list(dict(told)) == ["log", "cases", "agents", "entries"]


def test_every_code_is_documented() -> None:
    text = (Path(__file__).parents[1] / "docs" / "invariants.md").read_text()
    codes = {code for _, code, _ in CORRUPTIONS.values()} | {code for _, codes in FAULTS.values() for code in codes}
    assert not [code for code in codes if f"`{code}`" not in text]


async def test_an_unknown_workspace_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused, match="NO_SUCH_WORKSPACE"):
        await audit.check(engine.store, "nowhere")


async def test_it_stays_clean_while_everybody_works(engine: Engine) -> None:
    """Not one slice is compared with another moment's state, however fast that changes."""
    names = [f"agent-{i}" for i in range(6)]
    for name in names:
        await engine.add_agent(name, queues=["support", "pool", "mixed"])
    done = asyncio.Event()

    async def produce(number: int) -> int:
        made, choose = 0, random.Random(number)
        while not done.is_set():
            channel = choose.choice(["case", "chat"])
            await engine.submit(f"p{number}-{made}", choose.choice(["support", "pool", "mixed"]), channel=channel)
            made += 1
        return made

    async def work(name: str) -> None:
        choose = random.Random(name)
        while not done.is_set():
            snapshot = await engine.agent(name)
            for case in snapshot["offers"] + snapshot["desk"]:
                verb = "accept" if case["state"] == "offered" else choose.choice(["complete", "complete", "return"])
                extra = {"reason": "r", "place": "keep"} if verb == "return" else {}
                await engine.act(name, verb, case["case"], baton=case["baton"], **extra)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(produce(i)) for i in range(3)] + [asyncio.create_task(work(name)) for name in names]
    reports = [await check(engine) for _ in range(5)]
    done.set()
    made = await asyncio.gather(*tasks)
    assert sum(count or 0 for count in made) > 100
    assert reports[-1].to_log_seq > reports[0].to_log_seq
    assert [violation for report in reports for violation in report.violations] == []
