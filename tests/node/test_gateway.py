"""The websocket endpoint, over real sockets."""

from tests.node.world import RunningNode


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
