"""Is the stored state whole? Reads every key of a workspace and asks what must hold between any two commands."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from casebaton.store import library
from casebaton.store.client import Actor
from tests.engine import Engine
from tests.store.lua_source import WITH_ANY_CHANGE
from tests.store.records import FIELDS, decode
from tests.store.windows import check_windows, has_time

CONTRACTS = library.read_contracts()
LIVE = {"waiting", "offered", "active", "parked", "wrapping"}
IN_HAND = LIVE - {"waiting"}
Hash = dict[str, str]
Ranked = dict[str, float]
READERS: dict[str, Callable[[Any, str], Any]] = {
    "string": lambda pipeline, key: pipeline.get(key),
    "hash": lambda pipeline, key: pipeline.hgetall(key),
    "set": lambda pipeline, key: pipeline.smembers(key),
    "zset": lambda pipeline, key: pipeline.zrange(key, 0, -1, withscores=True),
}


@dataclass
class Snapshot:
    """Everything stored of one workspace, by noun and id."""

    meta: Hash = field(default_factory=dict)
    hashes: dict[str, dict[str, Hash]] = field(default_factory=dict)
    ranked: dict[str, dict[str, Ranked]] = field(default_factory=dict)
    sets: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    former: dict[str, int] = field(default_factory=dict)  # agents who have left: how many cool-downs
    name_keys: dict[str, str] = field(default_factory=dict)

    def keep(self, kind: str, noun: str, name: str, value: Any) -> None:
        """What one key holds."""
        if noun == "former":
            self.former[name] = int(value)
        elif noun == "name_keys":
            self.name_keys[name] = value.decode()
        elif kind == "string" and noun in FIELDS:
            # What of an agent is stored apart is the agent's all the same.
            rows = self.hashes.setdefault("agent" if noun == "profile" else noun, {})
            rows.setdefault(name, {}).update(decode(noun, value))
        elif kind == "hash":
            self.hashes.setdefault(noun, {})[name] = {f.decode(): v.decode() for f, v in value.items()}
        elif kind == "set":
            self.sets.setdefault(noun, {})[name] = {member.decode() for member in value}
        elif kind == "zset":
            self.ranked.setdefault(noun, {})[name] = {member.decode(): score for member, score in value}

    def hash(self, noun: str) -> dict[str, Hash]:
        """All hashes or records of a noun by id."""
        return self.hashes.get(noun, {})

    def zset(self, noun: str, name: str = "") -> Ranked:
        """One sorted set, empty when there is none."""
        return self.ranked.get(noun, {}).get(name, {})

    def config(self, kind: str, name: str) -> Hash:
        """The settings in force of a queue or channel; empty when it was removed."""
        return self.hash("config").get(f"{self.meta['config']}:{kind}:{name}", {})

    def class_states(self) -> Hash:
        """The state of every class of every queue."""
        return {name: state for classes in self.hash("classes").values() for name, state in classes.items()}


async def read(engine: Engine) -> Snapshot:
    """Read all keys of the workspace; nothing else may write meanwhile."""
    redis, prefix = engine.store.redis, f"{{{engine.workspace}}}:"
    keys = [key.decode() async for key in redis.scan_iter(f"{prefix}*", count=1000)]
    pipeline = redis.pipeline(transaction=False)
    for key in keys:
        pipeline.type(key)
    kinds = [kind.decode() for kind in await pipeline.execute()]
    found = Snapshot()
    wanted = [(key, kind) for key, kind in zip(keys, kinds, strict=True) if kind in READERS]
    for key, kind in wanted:
        READERS[kind](pipeline, key)
    for (key, kind), value in zip(wanted, await pipeline.execute(), strict=True):
        noun, _, name = key.removeprefix(prefix).partition(":")
        found.keep(kind, noun, name, value)
    found.meta = found.hash("meta").get("", {})
    return found


def has_room(agent: Hash, pool: str, cost: int) -> bool:
    """Do so many more units fit?"""
    p, j = int(agent["held_primary"]), int(agent["held_interruptible"])
    if pool == "primary":
        return p + cost <= int(agent["capacity"])
    return j + cost <= int(agent["interruptible_capacity"]) and p + j + cost <= int(agent["capacity"])


def within_limit(agent: Hash, channel: str) -> bool:
    """May the agent have one more case of the channel in hand?"""
    most = numbers(agent["limits"]).get(channel)
    return most is None or numbers(agent["channel_cases"]).get(channel, 0) < most


def numbers(text: str) -> dict[str, int]:
    """What a list of `name=number` says."""
    return {name: int(value) for name, value in (item.split("=") for item in text.split(",") if item)}


def counts(case: Hash) -> bool:
    """Does a case in somebody's hands count against a limit of its channel?"""
    return case["state"] != "parked" or case["parked_cost"] != "0"


def is_shut_off(state: Snapshot, queue: str) -> bool:
    """Is nothing of the queue's offered or taken?"""
    row = state.hash("queue").get(queue, {})
    return bool(row.get("paused") or row.get("closed_at"))


def is_sorting(state: Snapshot, queue: str) -> bool:
    """Is its line being put into another order?"""
    return bool(state.hash("queue").get(queue, {}).get("sorting"))


def is_stopped(state: Snapshot, queue: str) -> bool:
    """Is nothing of the queue's offered?"""
    return is_shut_off(state, queue) or is_sorting(state, queue)


def class_of(case: Hash) -> str:
    """The class a case waits in."""
    if named := case["required_agent"] or case["preferred_agent"]:
        return f"{case['queue']}/@{named}"
    return work_of(case)


def work_of(case: Hash) -> str:
    """What the case asks of an agent."""
    return f"{case['queue']}/{case['channel']}/{case['pool'][0]}{case['cost']}/{case['skills']}/{case['tier']}"


def qualifies(agent: Hash, of_class: str) -> bool:
    """Is a class of one of the agent's queues within its tier and skills?"""
    queue, _, _, required, tier = of_class.split("/")
    return (tier == "*" or tier_of(agent, queue) <= int(tier)) and has_skills(agent, required)


def tier_of(agent: Hash, queue: str) -> int:
    """The agent's tier in a queue."""
    tiers = dict(item.split("=") for item in filter(None, agent["tiers"].split(",")))
    return int(tiers.get(queue, 0))


def has_skills(agent: Hash, required: str) -> bool:
    """Has the agent every required skill at its level, of those in force?"""
    levels = dict(item.split("=") for item in agent["levels"].split("&") if item != "-")
    needed = (item.split("=") for item in required.split("&") if item != "-")
    return all(int(levels.get(name, 0)) >= int(level) for name, level in needed)


def units_of(case: Hash) -> int:
    """The units a case in somebody's hands holds."""
    return int(case["parked_cost"] if case["state"] == "parked" else case["cost"])


def may_be_offered(state: Snapshot, agent: Hash, of_class: str, case: str = "") -> bool:
    """Could the agent be offered a case of this class now, cool-downs apart? Asked of the domain, not of the index."""
    queue = of_class.split("/")[0]
    return is_member(agent, queue) and qualifies(agent, of_class) and can_take_on(state, agent, of_class, case)


def is_member(agent: Hash, queue: str) -> bool:
    """Is the agent listed for the queue, or made a member by its skills?"""
    return queue in agent["queues"].split(",") or queue in agent["joined"].split(",")


def _check_members(state: Snapshot) -> None:
    """Each queue's members are those who say so, and skills have made whom they should, once all were looked at."""
    agents = state.hash("agent")
    members = {(queue, name) for queue, rows in state.ranked.get("members", {}).items() for name in rows}
    said = {(queue, name) for name, row in agents.items() for queue in memberships(row)}
    assert members == said
    if any(timer.startswith("regroup:") for timer in state.zset("timers")):
        return
    by_skill = state.hash("config").get(f"{state.meta['config']}:by_skill", {})
    for name, row in agents.items():
        wanted = {queue for queue, required in by_skill.items() if has_skills(row, required)}
        assert set(filter(None, row["joined"].split(","))) == wanted - set(row["queues"].split(",")), f"{name}: joined"


def _check_names(state: Snapshot) -> None:
    """Each agent is found by its id and by its name's keys, and by nothing else."""
    agents = state.hash("agent")
    said = {f"{key}\0{name}" for name in agents for key in found_by(name, state.name_keys.get(name, ""))}
    assert state.zset("names").keys() == said
    assert state.name_keys.keys() <= agents.keys()


def found_by(name: str, keys: str) -> list[str]:
    return [name.lower(), *filter(None, keys.split("\n"))]


def memberships(agent: Hash) -> list[str]:
    return [queue for field in ("queues", "joined") for queue in agent[field].split(",") if queue]


def can_take_on(state: Snapshot, agent: Hash, of_class: str, case: str = "") -> bool:
    """Is the agent there, willing and has it room, whether or not the queue and the skills are its own?"""
    _, channel, unit, *_ = of_class.split("/")
    primary, cost = unit[0] == "p", int(unit[1:])
    p, j = int(agent["held_primary"]), int(agent["held_interruptible"])
    total, interruptible = int(agent["capacity"]), int(agent["interruptible_capacity"])
    has_room = p + cost <= total if primary else j + cost <= interruptible and p + j + cost <= total
    return (
        agent["status"] == "online"
        and agent["next_status"] == ""
        and is_reachable(state, agent, channel)
        and (agent["channels"] == "*" or channel in agent["channels"].split(","))
        and int(agent["offers"]) < int(state.meta["offer_limit"])
        and has_room
        and within_limit(agent, channel)
        and int(agent["waking"]) == 0
        and agent["reserved_case"] in ("", case)
    )


def is_reachable(state: Snapshot, agent: Hash, channel: str) -> bool:
    """Is the agent connected, or does the channel ask nobody to be?"""
    return agent["presence"] == "connected" or state.config("channel", channel)["reachable_offline"] == "1"


def is_lost(state: Snapshot, agent: Hash, channel: str) -> bool:
    """Is the agent gone, as far as the channel's work goes?"""
    return agent["presence"] == "gone" and not is_reachable(state, agent, channel)


def attends(state: Snapshot, agent: Hash, of_class: str) -> bool:
    """Is the agent there for work of this class, room apart?"""
    channel = of_class.split("/")[1]
    accepts = agent["channels"] == "*" or channel in agent["channels"].split(",")
    is_there = (agent["status"], agent["next_status"]) == ("online", "") and is_reachable(state, agent, channel)
    return of_class in agent["classes"].split(",") and is_there and accepts


def _check_attending(state: Snapshot) -> None:
    """It is counted how many are there for each class, and in how many classes somebody is ready beside a case.

    While a class is built some members have been asked by another configuration; nothing depends on the count then.
    """
    built = {name for name, kind in state.class_states().items() if kind == "building"}
    expected = Counter(
        name
        for agent in state.hash("agent").values()
        for name in filter(None, agent["classes"].split(","))
        if name not in built and attends(state, agent, name)
    )
    counted = {
        name: int(count)
        for rows in state.hash("attending").values()
        for name, count in rows.items()
        if name not in built
    }
    assert counted == expected, "attending"
    causes = [row.split(" ")[0] for rows in state.hash("causes").values() for row in rows.values()]
    assert int(state.meta.get("takeable", 0)) == sum(cause in ("cooling", "engine") for cause in causes)


def _check_places(state: Snapshot) -> None:
    """A live case is in exactly one place, and no place claims another."""
    cases = {name: case for name, case in state.hash("case").items() if case["state"] in LIVE}
    expected: dict[tuple[str, str], set[str]] = {}
    for name, case in cases.items():
        if case["state"] == "waiting":
            assert case["agent"] == "", f"{name} waits and has an agent"
            expected.setdefault(("line", case["queue"]), set()).add(name)
            expected.setdefault(("wait", class_of(case)), set()).add(name)
            assert state.zset("line", case["queue"]).get(name) == float(case["score"]), f"{name}: score"
            assert state.zset("wait", class_of(case)).get(name) == float(case["score"]), f"{name}: score"
        else:
            expected.setdefault(("held", case["agent"]), set()).add(name)
        if case["target"]:
            assert case["state"] == "active", f"{name} is transferred from nobody's hands"
            assert case["target"] != case["agent"], f"{name} is transferred to where it is"
            expected.setdefault(("held", case["target"]), set()).add(name)
    actual = {
        (noun, name): set(rows)
        for noun in ("line", "wait", "held")
        for name, rows in state.ranked.get(noun, {}).items()
    }
    assert actual == expected


def _check_deadlines(state: Snapshot) -> None:
    """Exactly the ringing and the wrapping cases have a deadline, under their present baton; so have transfers."""
    kinds = {"offered": "offer", "wrapping": "wrap"}
    expected = {
        f"{kinds[case['state']]}:{name}:{case['baton']}": float(case["deadline_at"])
        for name, case in state.hash("case").items()
        if case["state"] in kinds
    }
    expected |= {
        f"transfer:{name}:{case['target_baton']}": float(case["target_at"])
        for name, case in state.hash("case").items()
        if case["target"]
    }
    of_cases = {k: v for k, v in state.zset("deadlines").items() if k.startswith(("offer:", "wrap:", "transfer:"))}
    assert of_cases == expected


def _check_loads(state: Snapshot) -> None:
    """What an agent says it holds is the sum of what is in its hands."""
    for name, agent in state.hash("agent").items():
        held = [c for c in state.hash("case").values() if c["agent"] == name and c["state"] in IN_HAND]
        rung = [c for c in state.hash("case").values() if c["target"] == name]
        for pool in ("primary", "interruptible"):
            units = sum(units_of(case) for case in held if case["pool"] == pool)
            units += sum(int(case["cost"]) for case in rung if case["pool"] == pool)
            assert int(agent[f"held_{pool}"]) == units, f"{name}: held_{pool}"
        counted = Counter(case["channel"] for case in [*held, *rung] if counts(case))
        assert numbers(agent["channel_cases"]) == counted, f"{name}: cases by channel"
        offers = len(rung) + sum(case["state"] == "offered" for case in held)
        assert int(agent["offers"]) == offers, f"{name}: offers"
        ringing = {case for case in agent["ringing"].split(",") if case}
        rings = {n for n, c in state.hash("case").items() if (c["agent"], c["state"]) == (name, "offered")}
        assert ringing == rings | {n for n, c in state.hash("case").items() if c["target"] == name}, f"{name}: ringing"
        assert int(agent["cases"]) == len(held) + len(rung), f"{name}: cases"
        assert agent["next_status"] == "" or int(agent["held_primary"]), f"{name}: nothing is left to wait for"
        pairs = [
            member for member in state.zset("timers") if member.startswith("cool:") and member.endswith(f":{name}")
        ]
        assert int(agent["cooling"]) == len(pairs), f"{name}: cooling"
    for name, count in state.former.items():
        pairs = [member for member in state.zset("timers") if re.fullmatch(rf"cool:.+:{re.escape(name)}", member)]
        assert count == len(pairs), f"former {name}: cooling"
        assert pairs, f"former {name} is not forgotten"
    for name, case in state.hash("case").items():
        if case["state"] in LIVE:
            assert int(case["cooling"]) == len(state.zset("cooling", name)), f"{name}: cooling"


def _check_parked(state: Snapshot) -> None:
    """A parked case has the timer that wakes it, or has woken: then its owner has no room, or is away, for a time."""
    parked = {name: case for name, case in state.hash("case").items() if case["state"] == "parked"}
    expected, woken = set(), dict[str, set[str]]()
    for name, case in parked.items():
        if case["wake_pending"]:
            expected.add(f"waking:{name}:{case['baton']}")
            woken.setdefault(case["agent"], set()).add(name)
        elif case["wake_at"] != "0":
            expected.add(f"wake:{name}:{case['baton']}")
    assert {timer for timer in state.zset("timers") if timer.startswith(("wake:", "waking:"))} == expected
    assert {agent: set(rows) for agent, rows in state.ranked.get("waking", {}).items()} == woken
    for name, agent in state.hash("agent").items():
        assert int(agent["waking"]) == len(woken.get(name, ())), f"{name}: waking"
        if name in woken:
            rows = state.zset("waking", name)
            case = parked[min(rows, key=lambda other: (rows[other], other))]
            is_away = agent["status"] == "offline" or is_lost(state, agent, case["channel"])
            more = int(case["cost"]) - int(case["parked_cost"])
            is_full = more > 0 and not has_room(agent, case["pool"], more)
            is_limited = not counts(case) and not within_limit(agent, case["channel"])
            assert is_away or is_full or is_limited, f"{name} has room for what has woken"


def _check_customers(state: Snapshot) -> None:
    """A customer's index holds exactly its live cases, by the instant of their request."""
    expected: dict[str, Ranked] = {}
    for name, case in state.hash("case").items():
        if case["state"] in LIVE and case["customer_key"]:
            expected.setdefault(case["customer_key"], {})[name] = float(case["requested_at"])
    assert state.ranked.get("customer", {}) == expected


def _check_readiness(state: Snapshot) -> None:
    """Classes that are settled are indexed exactly, and nobody who could take a waiting case is left idle."""
    classes = state.class_states()
    unsettled = [name for name, kind in classes.items() if kind not in ("open", "idle", "off")]
    assert int(state.meta["unsettled"]) == len(unsettled)
    for name, kind in classes.items():
        ready = set(state.zset("ready", name))
        if kind == "off":
            assert not ready, f"{name} is off and has ready agents"
            assert state.config("queue", name.split("/")[0]).get("mode", "pull") == "pull"
        if kind in ("building", "off"):
            continue
        assert (kind == "stopped") == is_stopped(state, name.split("/")[0]), f"{name} is {kind}"
        could = {agent for agent, row in state.hash("agent").items() if may_be_offered(state, row, name)}
        assert ready == could, f"{name} is {kind}"
        if kind == "idle":
            assert not state.zset("wait", name), f"{name} is idle and somebody waits there"
        if kind == "open":
            for case in state.zset("wait", name):
                barred = set(state.zset("cooling", case)) | without_time(state, case)
                assert could <= barred, f"{case} waits idly beside {could - barred}"


def without_time(state: Snapshot, case: str) -> set[str]:
    """The agents who have something else in the case's window."""
    row = state.hash("case")[case]
    return {agent for agent in state.hash("agent") if not has_time(state, agent, case, row)}


def _check_classes(state: Snapshot) -> None:
    """Every class that is named anywhere is one of its queue's, or is losing its members."""
    known = state.class_states().keys()
    under_way = {name for jobs in state.hash("progress").values() for name in jobs}
    for name in under_way - known:
        assert f"retire:{name}:0" in state.zset("timers"), f"{name} was given up and keeps its members"
    named = set(state.ranked.get("ready", {}))
    for agent in state.hash("agent").values():
        named |= {name for field in ("classes", "ready") for name in agent[field].split(",") if name}
    assert named <= known | under_way
    for case in state.hash("case").values():
        if case["state"] == "waiting" and "/@" not in class_of(case):
            assert class_of(case) in known


def may_have(state: Snapshot, agent: Hash, name: str, case: Hash) -> bool:
    """Could the agent for whom alone the case waits be offered it now, cool-downs apart?"""
    return (
        state.config("queue", case["queue"]).get("mode", "pull") != "pull"
        and not is_stopped(state, case["queue"])
        and has_skills(agent, case["skills"])
        and can_take_on(state, agent, work_of(case), name)
    )


def _check_named(state: Snapshot) -> None:
    """A case that waits for one agent alone is known to that agent, and not left waiting when it could be offered."""
    for name, case in state.hash("case").items():
        named = case["required_agent"] or case["preferred_agent"]
        if case["state"] != "waiting" or not named:
            continue
        agent = state.hash("agent")[named]
        assert case["queue"] in agent["named"].split(","), f"{name} waits for {named}, who does not know"
        assert named in state.zset("named", case["queue"])
        is_attended = any(timer.startswith(f"attend:{case['queue']}:") for timer in state.zset("timers"))
        if may_have(state, agent, name, case) and not is_attended:
            barred = {*state.zset("cooling", name), *without_time(state, name)}
            assert named in barred, f"{name} waits idly for {named}"
        if case["preferred_agent"]:
            is_timed = f"prefer:{name}:{case['preferred_until']}" in state.zset("timers")
            assert is_timed or f"prefer:{name}" in state.zset("halted", case["queue"]), f"{name} prefers without an end"


def missing_units(agent: Hash, case: Hash, *, pool: str = "", cost: int = 0) -> int:
    """How many units the agent lacks for the case, with another one of that cost in hand."""
    p, j = (int(agent[f"held_{name}"]) + (cost if name == pool else 0) for name in ("primary", "interruptible"))
    needed, total = int(case["cost"]), int(agent["capacity"])
    if case["pool"] == "primary":
        return max(0, p + needed - total)
    return max(0, j + needed - int(agent["interruptible_capacity"]), p + j + needed - total)


def is_meant(agent: Hash, name: str, case: Hash) -> bool:
    """Is the case for this agent, by queue, tier and skills, or by name?"""
    if (case["required_agent"] or case["preferred_agent"]) == name:
        return has_skills(agent, case["skills"])
    return is_member(agent, case["queue"]) and qualifies(agent, work_of(case))


def _check_reservations(state: Snapshot) -> None:
    """An agent who is kept free and a waiting case know of each other; it ends when the case fits, or by a timer."""
    cases, agents = state.hash("case"), state.hash("agent")
    kept = {(name, row["reserved_case"]) for name, row in agents.items() if row["reserved_case"]}
    assert kept == {(row["reserved_agent"], name) for name, row in cases.items() if row["reserved_agent"]}
    known = {(name, queue) for queue, rows in state.ranked.get("kept", {}).items() for name in rows}
    assert known == {(name, cases[of]["queue"]) for name, of in kept}
    for name, of in kept:
        case, agent, timers, where = cases[of], agents[name], state.zset("timers"), f"{name} is kept free for {of}"
        assert case["state"] == "waiting", f"{where}, which is {case['state']}"
        assert f"reserve:{of}:{case['baton']}" in timers, f"{where} without an end"
        assert (agent["status"], agent["next_status"]) == ("online", ""), f"{where} and leaves"
        assert not is_lost(state, agent, case["channel"]), f"{where} and gone"
        assert is_meant(agent, name, case), f"{where} and may not have it"
        assert has_time(state, name, of, case), f"{where} and has something else then"
        is_looked_at = any(timer.startswith(f"review:{case['queue']}:") for timer in timers)
        assert is_looked_at or not is_stopped(state, case["queue"]), f"{where}, whose queue is stopped"
        if may_have(state, agent, of, case) and not is_looked_at:
            assert name in state.zset("cooling", of), f"{of} waits idly: {where}"
    for name, case in cases.items():
        if case["state"] != "waiting" or state.config("channel", case["channel"])["reserve_after_ms"] == "0":
            continue
        is_walked = any(timer.startswith(f"patience:{case['queue']}:") for timer in state.zset("timers"))
        is_timed = f"reserve:{name}:{case['baton']}" in state.zset("timers")
        assert is_walked or is_timed, f"nobody will ever be kept free for {name}"


def _check_halted(state: Snapshot) -> None:
    """Where clocks stand still, something will set them going."""
    for queue in state.ranked.get("halted", {}):
        timers = state.zset("timers")
        assert {f"clock:{queue}:0", f"hours:{queue}:0"} & timers.keys(), f"{queue}: clocks stand still without an end"


def _check_connections(state: Snapshot) -> None:
    """Agent and node know of the same connections, whoever has one is connected, and a lease or its end holds each."""
    of_agents = {
        (name, *entry.split()) for name, entries in state.sets.get("connections", {}).items() for entry in entries
    }
    nodes = state.sets.get("node", {})
    of_nodes = {
        (agent, node, connection) for node, entries in nodes.items() for agent, connection in map(str.split, entries)
    }
    assert of_agents == of_nodes
    assert {name for name, *_ in of_agents} == {
        name for name, agent in state.hash("agent").items() if agent["presence"] == "connected"
    }
    for node in nodes:
        is_held = f"lease:{node}:0" in state.zset("deadlines") or f"reap:{node}:0" in state.zset("timers")
        assert is_held, f"nothing will ever end the connections of {node}"


def check(state: Snapshot) -> None:
    """Fail when the stored state contradicts itself, or a match that was possible was not made."""
    _check_places(state)
    _check_deadlines(state)
    _check_loads(state)
    _check_parked(state)
    _check_customers(state)
    _check_readiness(state)
    _check_classes(state)
    _check_named(state)
    _check_reservations(state)
    _check_connections(state)
    _check_halted(state)
    _check_names(state)
    _check_members(state)
    _check_attending(state)
    check_windows(state)


async def assert_sound(engine: Engine) -> None:
    """Read the state and check it."""
    check(await read(engine))


async def assert_log_sound(engine: Engine) -> None:
    """Fail unless the log is contiguous and each entry's type is its command's, or one that any change may bring."""
    events = await engine.events()
    assert [event["log_seq"] for event in events] == list(range(1, len(events) + 1))
    for event in events[1:]:
        contract = CONTRACTS.get(event["cause"], CONTRACTS["advance"])
        known = contract.events | WITH_ANY_CHANGE
        assert event["type"] in known, f"{event['type']} is not in the header of {contract.name}"


class WatchedEngine(Engine):
    """An engine that checks the stored state after every command that may write."""

    watching = True

    async def run(self, name: str, actor: Actor, /, *, command_id: str | None = None, **args: Any) -> Any:
        """Run one command, then check."""
        answer = await super().run(name, actor, command_id=command_id, **args)
        if self.watching and "no-writes" not in CONTRACTS[name].flags:
            await assert_sound(self)
        return answer
