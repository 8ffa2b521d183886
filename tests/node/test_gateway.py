"""The websocket endpoint, over real sockets."""

import asyncio
import json
from typing import Any

import pytest

from casebaton.auth import ROLES, Scope
from casebaton.service import access, commands
from casebaton.store.client import StoreClient
from casebaton.wire import messages as m
from tests.node.world import WITHIN_S, RunningNode, run_node, until, until_left
from tests.wire.examples import FULL


async def test_a_case_is_pushed_accepted_and_completed(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("producer", "crm") as crm:
        assert ana.welcome["type"] == "welcome"
        assert ana.welcome["snapshot"]["agent"]["presence"] == "connected"
        assert (await ana.command("set_status", status="online"))["ok"]["status"] == "online"
        submitted = await crm.command("submit_case", queue="support", subject="Printer", case="c-1", data={"floor": 3})
        assert submitted["ok"]["state"] == "offered"

        offer = await ana.event("case_offered", case="c-1")
        assert offer["card"] == {"subject": "Printer"}
        accepted = await ana.command("accept_case", case="c-1", baton=offer["baton"])
        assert accepted["ok"]["owner"] == "agent:ana"
        closed = await ana.command("complete_case", case="c-1", baton=accepted["ok"]["baton"], disposition="solved")
        assert closed["ok"]["state"] == "closed"
        ended = await ana.event("case_closed", case="c-1")
        assert ended["disposition"] == "solved"
        assert [offer["seq"], ended["seq"]] == sorted([offer["seq"], ended["seq"]])


# -- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_sends_exactly_what_it_may(store: StoreClient, role: str) -> None:
    shapes = {str(shape.__struct_config__.tag): shape for shape in m.Command.__args__}
    limit = len(shapes) + 1  # there are more of them than one connection may send in a second
    async with run_node(store.url, commands_per_second=limit) as node, node.signed_in(role, "ana") as socket:
        for name, fields in FULL.items():
            own = {"token": node.token(role, "ana")} if name == "refresh_token" else {}
            reply = await socket.command(name, **fields | own)
            is_forbidden = reply.get("error", {}).get("code") == "FORBIDDEN"
            assert is_forbidden == (role not in access.MAY[shapes[name]]), (role, name, reply)


async def test_only_those_who_steer_may_say_any(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("supervisor", "sue") as sue:
        found = await ana.command("transfer_case", case="c-1", baton="any", queue="pool")
        assert found["error"]["code"] == "FORBIDDEN"
        assert found["error"]["detail"].startswith("$.baton: ")
        found = await sue.command("transfer_case", case="c-1", baton="any", queue="pool")
        assert found["error"]["code"] == "CASE_NOT_FOUND"


async def test_a_history_is_read_on_the_socket_page_by_page(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as crm:
        for case in ("c-1", "c-2"):
            other = await crm.command("submit_case", queue="pool", subject="Printer", case=case)
        await crm.command("update_case", case="c-1", baton="any", priority=1)
        first = (await crm.command("read_history", case="c-1", limit=1))["ok"]
        rest = (await crm.command("read_history", case="c-1", before=first["next_cursor"]))["ok"]
        assert [item["type"] for item in first["items"] + rest["items"]] == ["case_updated", "case_queued"]
        assert rest.keys() == {"items"}
        found = await crm.command("read_history", case="c-1", before=other["position"])
        assert (found["error"]["code"], found["error"]["detail"]) == ("INVALID", "$.before: not one of this case")


async def test_an_agent_who_is_removed_is_told_and_does_not_come_back(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("admin", "ann") as ann:
        assert (await ann.command("remove_agent", agent="ana"))["ok"] == {"agent": "ana"}
        assert await ana.closed() == (4403, "the agent was removed")
        assert (await ana.event("agent_removed"))["agent"] == "ana"
        async with node.socket() as again:
            await again.send({"type": "hello", "token": node.token("agent", "ana"), "protocol": 1})
            assert (await again.closed())[0] == 4403
            assert again.seen[0]["error"]["code"] == "UNKNOWN_AGENT"
        assert (await ann.command("remove_agent", agent="bo"))["ok"] == {"agent": "bo"}


async def test_who_steers_sees_a_raised_hand_and_colleagues_do_not(node: RunningNode) -> None:
    async with (
        node.signed_in("agent", "ana") as ana, node.signed_in("agent", "bo") as bo,
        node.signed_in("supervisor", "sue") as sue, node.signed_in("producer", "crm") as crm,
    ):  # fmt: skip
        for other in (bo, crm):
            await other.command("watch_queue", queue="support" if other is bo else "pool")
        await ana.command("raise_flag", text="He shouts")
        assert (await sue.event("flag_raised", agent="ana"))["text"] == "He shouts"
        await sue.command("answer_flag", agent="ana", text="Coming")
        assert (await ana.event("flag_answered"))["text"] == "Coming"
        await crm.command("submit_case", queue="pool", subject="Printer", case="c-1")
        await crm.event("case_queued", case="c-1")
        for other in (bo, crm):
            assert not [event for event in other.events if event["type"].startswith("flag_")]


async def test_a_scope_holds_on_a_socket_too(node: RunningNode) -> None:
    scope, team = Scope(("pool",)), "Nord & Süd"
    await node.node.store.run("set_agent", "acme", ("admin", "ann"), agent="bo", team=team, queues="support")
    async with node.signed_in("agent", "bo") as bo, node.socket() as sam, node.socket() as tom:
        await sam.hello(node.token("supervisor", "sam", scope=scope))
        await tom.hello(node.token("supervisor", "tom", scope=Scope((), (team,))))
        refused = await sam.command("watch_queue", queue="support")
        assert refused["error"]["code"] == "OUT_OF_SCOPE"
        assert "ok" in await sam.command("watch_queue", queue="pool")
        await bo.command("raise_flag", text="help")
        assert (await tom.event("flag_raised"))["agent"] == "bo"
        assert (await sam.command("answer_flag", agent="bo"))["error"]["code"] == "OUT_OF_SCOPE"
        assert not [event for event in sam.events if event["type"] == "flag_raised"]
        for token, code in ((node.token("supervisor", "sam", scope=scope), None),
                            (node.token("supervisor", "sam"), "FORBIDDEN")):  # fmt: skip
            reply = await sam.command("refresh_token", token=token)
            assert reply.get("error", {}).get("code") == code


# -- commands --------------------------------------------------------------------------------------------------------


async def test_a_bad_command_is_named_and_the_next_one_runs(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as crm:
        found = await crm.command("submit_case", queue="support", subject="Printer", priority=12)
        assert (found["error"]["code"], found["error"]["detail"].partition(":")[0]) == ("INVALID", "$.priority")
        assert "ok" in await crm.command("submit_case", queue="support", subject="Printer")


async def test_too_fast_is_refused_and_the_rest_runs(store: StoreClient) -> None:
    async with run_node(store.url, commands_per_second=5) as node, node.signed_in("agent", "ana") as ana:
        for i in range(8):
            await ana.send({"type": "unwatch", "id": f"u-{i}", "queue": "pool"})
        codes = [(await ana.reply(f"u-{i}")).get("error", {}).get("code") for i in range(8)]
        assert codes[:5] == [None] * 5
        assert "TOO_FAST" in codes[5:]


async def test_a_command_sent_again_has_the_first_answer_also_over_another_connection(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as one, node.signed_in("producer", "crm") as other:
        first = await one.command("submit_case", queue="pool", subject="Printer", id="k-1")
        assert await other.command("submit_case", queue="pool", subject="Printer", id="k-1") == first


async def test_many_commands_at_once_are_all_answered(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as crm:
        for i in range(500):
            await crm.send({"type": "submit_case", "id": f"k-{i}", "queue": "pool", "subject": "Printer"})
        replies = [await crm.receive() for _ in range(500)]
        assert {reply["id"] for reply in replies} == {f"k-{i}" for i in range(500)}
        assert all("ok" in reply for reply in replies)


async def test_notes_are_read_over_the_socket(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as crm, node.signed_in("supervisor", "sue") as sue:
        await crm.command("submit_case", queue="pool", subject="Printer", case="c-1")
        await sue.command("watch_queue", queue="pool")
        assert (await crm.command("add_note", case="c-1", text="Second call."))["ok"]["revision"] == 2
        told = await sue.event("note_added", case="c-1")
        assert (await sue.command("read_notes", case="c-1"))["ok"] == {"case": "c-1", "items": [told["note"]]}


# -- what nobody foresaw ---------------------------------------------------------------------------------------------


async def fail(*_: object) -> None:
    raise RuntimeError("nobody foresaw this")


async def test_a_command_on_which_the_node_fails_is_answered_and_the_next_one_runs(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with node.signed_in("agent", "ana") as ana:
        with monkeypatch.context() as broken:
            broken.setattr(commands, "execute", fail)
            error = (await ana.command("set_status", status="online"))["error"]
        assert error["code"] == "NODE_FAULT"
        assert (await ana.command("set_status", status="online"))["ok"]["status"] == "online"


async def test_a_hello_on_which_the_node_fails_is_answered_before_the_end(
    node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node.node.lease, "connect", fail)
    async with node.socket() as socket:
        assert (await socket.hello(node.token("agent", "ana")))["error"]["code"] == "NODE_FAULT"
        assert await socket.closed() == (1011, "NODE_FAULT")


# -- watching a queue ------------------------------------------------------------------------------------------------


async def test_a_watcher_gets_the_page_and_then_every_change(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as crm, node.signed_in("supervisor", "sue") as sue:
        await crm.command("submit_case", queue="pool", subject="a", case="c-1")
        page = (await sue.command("watch_queue", queue="pool"))["ok"]
        assert (page["queue"], page["mode"], page["waiting"]) == ("pool", "pull", 1)
        assert [case["case"] for case in page["cases"]] == ["c-1"]
        await crm.command("submit_case", queue="pool", subject="b", case="c-2")
        await crm.command("transfer_case", case="c-1", baton="any", queue="support")
        await crm.command("submit_case", queue="support", subject="c", case="c-3")
        await crm.command("cancel_case", case="c-2", baton="any", reason="r")
        await sue.event("case_cancelled", case="c-2")
        assert [(event["type"], event["case"]) for event in sue.events] == [
            ("case_queued", "c-2"),
            ("case_transferred", "c-1"),
            ("case_cancelled", "c-2"),
        ]


async def test_after_unwatch_nothing_more_comes(node: RunningNode) -> None:
    async with node.signed_in("producer", "crm") as crm, node.signed_in("supervisor", "sue") as sue:
        await sue.command("watch_queue", queue="pool")
        await sue.command("watch_queue", queue="support")
        await sue.command("unwatch", queue="pool")
        await crm.command("submit_case", queue="pool", subject="a", case="c-1")
        await crm.command("submit_case", queue="support", subject="b", case="c-2")
        await sue.event("case_queued", case="c-2")
        assert [event["case"] for event in sue.events] == ["c-2"]


async def test_an_agent_watches_only_its_own_queues(node: RunningNode) -> None:
    async with node.signed_in("agent", "zoe") as zoe, node.signed_in("producer", "crm") as crm:
        assert (await zoe.command("watch_queue", queue="pool"))["error"]["code"] == "NOT_MEMBER"
        await crm.command("submit_case", queue="pool", subject="a", case="c-1")
        await zoe.command("set_status", status="busy")
        await zoe.event("agent_status_changed")
        assert {event["type"] for event in zoe.events} <= {"agent_presence_changed", "agent_status_changed"}


async def test_watching_what_is_not_there_leaves_nothing_behind(node: RunningNode) -> None:
    async with node.signed_in("supervisor", "sue") as sue:
        for i in range(20):
            assert (await sue.command("watch_queue", queue=f"q-{i}"))["error"]["code"] == "UNKNOWN_QUEUE"
        assert set(node.node.hub._logs["acme"].topics) == {"all", "steering"}


async def test_a_page_and_its_changes_together_are_the_line(node: RunningNode) -> None:
    """Watching begins again and again while cases come and go; nothing is missed and nothing comes twice."""

    has_page = [asyncio.Event() for _ in range(20)]

    async def watch(n: int) -> None:
        async with node.signed_in("supervisor", f"sue-{n}") as sue:
            page = (await sue.command("watch_queue", queue="pool", limit=200))["ok"]
            has_page[n].set()
            line = {case["case"]: case["revision"] for case in page["cases"]}
            await sue.event("case_queued", case="last")
            for event in sue.events:
                assert event["revision"] == line.get(event["case"], 0) + 1, "a gap or an overlap"
                line[event["case"]] = event["revision"]
                if event["type"] == "case_cancelled":
                    del line[event["case"]]
            assert set(line) == {f"c-{i}" for i in range(0, 100, 2)} | {"last"}

    async with node.signed_in("producer", "crm") as crm:
        watching = []
        for i in range(100):
            await crm.send({"type": "submit_case", "id": f"k-{i}", "queue": "pool", "subject": "a", "case": f"c-{i}"})
            if i % 5 == 0:
                watching.append(asyncio.create_task(watch(i // 5)))
            await crm.reply(f"k-{i}")
            if i % 2:
                await crm.command("cancel_case", case=f"c-{i}", baton="any", reason="r")
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(*(event.wait() for event in has_page))
        await crm.command("submit_case", queue="pool", subject="a", case="last")
        await asyncio.gather(*watching)


# -- snapshot and events ---------------------------------------------------------------------------------------------


def fold(snapshot: Any, events: list[Any]) -> dict[str, str]:
    """What an agent holds, by case: the snapshot continued by the events. Fails on a gap or an overlap."""
    held = {case["case"]: (case["state"], case["revision"]) for case in [*snapshot["offers"], *snapshot["desk"]]}
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    for event in events:
        if "case" not in event:
            continue
        case = event["case"]
        if event.get("agent_before") == "ana" and event["type"] != "case_offered":
            assert held.pop(case) == (event["state_before"], event["revision"] - 1), event
        if event.get("agent") == "ana" and event["state"] in ("offered", "active"):
            assert case not in held, event
            held[case] = (event["state"], event["revision"])
    return {case: state for case, (state, _) in held.items()}


async def test_a_snapshot_and_the_events_after_it_leave_no_gap_and_no_overlap(node: RunningNode) -> None:
    """Tabs open at any moment of other cases' lives, many at once; every one of them ends with the same desk."""

    async def open_tab() -> None:
        async with node.signed_in("agent", "ana") as tab:
            await tab.event("agent_status_changed", status="busy")
            assert fold(tab.welcome["snapshot"], tab.events) == {"c-19": "active"}

    async with (
        run_node(node.node.store.url, connections_per_agent=100) as other,
        other.signed_in("agent", "ana") as ana,
    ):
        node.node.lease._limit = 100
        await ana.command("set_status", status="online")
        tabs = []
        async with other.signed_in("producer", "crm") as crm:
            for i in range(20):
                tabs += [asyncio.create_task(open_tab()) for _ in range(2)]
                await crm.command("submit_case", queue="support", subject="a", case=f"c-{i}")
                offer = await ana.event("case_offered", case=f"c-{i}")
                accepted = await ana.command("accept_case", case=f"c-{i}", baton=offer["baton"])
                if i < 19:
                    await ana.command("complete_case", case=f"c-{i}", baton=accepted["ok"]["baton"])

        async def all_are_open() -> bool:
            connections = node.node.gateway.connections
            return len(connections) == len(tabs) and all(tab._session.is_open for tab in connections)

        await until(all_are_open)
        await ana.command("set_status", status="busy")
        await asyncio.gather(*tabs)
        assert fold(ana.welcome["snapshot"], ana.events) == {"c-19": "active"}


async def test_two_tabs_see_the_same_and_only_without_both_is_the_agent_away(
    node: RunningNode, store: StoreClient
) -> None:
    async def is_away() -> bool:
        answer = await store.run("read_agent", "acme", ("supervisor", "sue"), agent="ana")
        return bool(json.loads(answer.body)["agent"]["presence"] == "grace")

    async with (
        node.signed_in("producer", "crm") as crm,
        node.online("ana") as one,
        node.signed_in("agent", "ana") as two,
    ):
        await crm.command("submit_case", queue="support", subject="a", case="c-1")
        offer = await one.event("case_offered", case="c-1")
        accepted = await two.command("accept_case", case="c-1", baton=offer["baton"])
        for tab in (one, two):
            assert (await tab.event("case_accepted", case="c-1"))["baton"] == accepted["ok"]["baton"]
        await one.raw.close()
        await until_left(node, 2)
        await two.command("complete_case", case="c-1", baton=accepted["ok"]["baton"])
        assert not await is_away()
        await two.raw.close()
        await until(is_away)


@pytest.mark.parametrize(("role", "subject"), [("agent", "ana"), ("producer", "crm"), ("supervisor", "sue")])
async def test_a_ping_is_answered_with_nothing(node: RunningNode, role: str, subject: str) -> None:
    async with node.signed_in(role, subject) as somebody:
        assert (await somebody.command("ping"))["ok"] == {}


async def test_a_name_asked_for_twice_is_told_once(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana:
        told = (await ana.command("read_names", agents=["bo", "ana", "bo"]))["ok"]["items"]
        assert [each["agent"] for each in told] == ["bo", "ana"]


async def test_an_agent_names_nobody_to_read_its_day_and_a_supervisor_names_whom(node: RunningNode) -> None:
    async with node.signed_in("agent", "ana") as ana, node.signed_in("supervisor", "sue") as sue:
        assert (await ana.command("read_day"))["ok"]["agent"] == "ana"
        assert (await ana.command("read_day", agent="ana"))["ok"]["agent"] == "ana"
        assert (await ana.command("read_day", agent="bo"))["error"]["code"] == "FORBIDDEN"
        assert (await sue.command("read_day", agent="bo"))["ok"]["agent"] == "bo"
        found = await sue.command("read_day")
        assert (found["error"]["code"], found["error"]["detail"]) == ("INVALID", "$.agent: name the agent")
