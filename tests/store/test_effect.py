"""What an apply would do is what it does."""

import pytest

from casebaton.errors import Finding, Invalid, Refused
from casebaton.store import effect, workspaces
from casebaton.store.effect import Change, Effect
from casebaton.store.workspaces import ADMIN, Asked
from casebaton.workspace import document
from tests.engine import BASIC, Engine
from tests.store.test_workspaces import apply


async def preview(engine: Engine, text: str, previous: int | None = None) -> Effect:
    before = await engine.dump()
    found = await effect.preview(engine.store, engine.workspace, document.parse(text), Asked(ADMIN, previous=previous))
    assert await engine.dump() == before
    return found


@pytest.fixture
async def busy(engine: Engine) -> Engine:
    """Ana in support and billing, Bo in support; three cases and a chat wait in support, a case in the pool."""
    await engine.set_agent("ana", create=1, queues="billing,support")
    await engine.set_agent("bo", create=1, queues="support")
    for case in ("one", "two", "three"):
        await engine.submit(case)
    await engine.submit("chat", channel="chat")
    await engine.submit("pooled", "pool")
    return engine


async def test_the_document_in_force_would_change_nothing(busy: Engine) -> None:
    found = await preview(busy, BASIC)
    assert (found.version, found.is_unchanged, found.structure, found.refusals) == (1, True, [], [])
    assert not (await apply(busy, BASIC)).structure_changed


async def test_another_mode_touches_who_waits_and_works_there_and_builds_its_classes_anew(busy: Engine) -> None:
    text = BASIC.replace("[queues.support]", '[queues.support]\nmode = "both"')
    (change,) = (await preview(busy, text)).structure
    assert change == Change("queues", "support", "changed", {"mode": ("push", "both")}, waiting=4, agents=2, classes=2)
    await apply(busy, text)
    assert await busy.store.redis.hvals("{acme}:classes:support") == [b"building", b"building"]


async def test_another_offer_limit_builds_every_class_anew(busy: Engine) -> None:
    text = BASIC + "[workspace]\noffer_limit = 2\n"
    (change,) = (await preview(busy, text)).structure
    assert change == Change("workspace", "", "changed", {"offer_limit": (1, 2)}, classes=3)
    await apply(busy, text)
    assert await busy.store.redis.hvals("{acme}:classes:pool") == [b"building"]


async def test_a_channel_touches_its_cases_wherever_they_wait(busy: Engine) -> None:
    (change,) = (await preview(busy, BASIC.replace("[channels.case]", "[channels.case]\nring_s = 20"))).structure
    assert change == Change("channels", "case", "changed", {"ring_s": (30, 20)}, waiting=4, agents=2)


async def test_a_list_is_one_entry(busy: Engine) -> None:
    (change,) = (await preview(busy, BASIC.replace('"loans"]', '"loans", "vip"]'))).structure
    skills = document.parse(BASIC).skills
    assert change == Change("skills", "", "changed", {"items": (skills, [*skills, "vip"])})


async def test_a_queue_in_which_cases_wait_is_refused_as_the_apply_would_be(busy: Engine) -> None:
    text = BASIC.replace("[queues.support]\n", "")
    found = await preview(busy, text)
    assert found.structure == [Change("queues", "support", "removed", waiting=4, agents=2)]
    assert found.refusals == [Finding("$.queues.support", "cannot be removed: 4 cases wait in it")]
    with pytest.raises(Refused, match="QUEUE_NOT_EMPTY"):
        await apply(busy, text)


async def test_agents_are_counted_by_what_would_become_of_them(busy: Engine) -> None:
    text = BASIC + "[agents.ana]\ncapacity = 10\n[agents.bo]\nteam = 'north'\n[agents.cy]\n[agents.dan]\n"
    assert (await preview(busy, text)).agents == {"created": 2, "changed": 1, "unchanged": 1}
    events = len(await busy.events())
    await apply(busy, text)
    assert [event["agent"] for event in (await busy.events())[events:]] == ["bo", "cy", "dan"]


async def test_what_the_apply_would_refuse_at_once_is_refused_too(busy: Engine) -> None:
    with pytest.raises(Invalid, match=r"\$\.agents\.ana: "):
        await preview(busy, BASIC + "[agents.ana]\ncapacity = 2\n")
    with pytest.raises(Refused, match="CONFIG_CHANGED"):
        await preview(busy, BASIC, previous=7)


async def test_of_a_new_workspace_everything_is_added(engine: Engine) -> None:
    found = await effect.preview(engine.store, "new", document.parse(BASIC), Asked(ADMIN))
    assert {change.change for change in found.structure} == {"added"}
    assert {change.section for change in found.structure} >= {"channels", "queues", "workspace"}
    assert await workspaces.list_workspaces(engine.store) == ["acme"]
