"""`/v1/{workspace}/cases`."""

import json
from typing import Any

import pytest

from casebaton.wire import messages as m
from tests.http.world import Api, ok, problem

PRINTER = {"queue": "pool", "subject": "Printer", "case": "c-1"}


# -- submit ----------------------------------------------------------------------------------------------------------


async def test_a_submitted_case_waits_in_its_queue(api: Api) -> None:
    answer = await api.crm.post("cases", PRINTER)
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    brief = ok(answer, 201)
    assert (brief["case"], brief["state"], brief["owner"], brief["revision"]) == ("c-1", "waiting", "queue:pool", 1)


async def test_the_same_key_again_has_the_same_answer_and_no_second_effect(api: Api) -> None:
    body = {"queue": "pool", "subject": "Printer"}
    first = await api.crm.post("cases", body, key="k-once")
    again = await api.crm.post("cases", body, key="k-once")
    assert first.json() == again.json()
    assert len((await api.sue.get("queues/pool/cases")).json()["cases"]) == 1


async def test_the_same_key_of_two_producers_is_two_cases(api: Api) -> None:
    body = {"queue": "pool", "subject": "Printer"}
    one = ok(await api.crm.post("cases", body, key="k-1"), 201)
    other = ok(await api.signed_in("producer", "mail").post("cases", body, key="k-1"), 201)
    assert one["case"] != other["case"]


@pytest.mark.parametrize("letter", ["x", "/", "\\", '"', "\x7f", "\x01", "\n", "é", "語", "😀"])
async def test_a_card_is_measured_alike_when_it_is_submitted_and_when_it_is_changed(api: Api, letter: str) -> None:
    url = "https://x/" + "/" * 290
    text = letter * min(200, (1024 - len(url)) // len(letter.encode()) // 2)
    await api.crm.submit("c-1", "pool", subject=text, customer=text, url=url)
    ok(await api.crm.patch("cases/c-1", {"baton": "any", "customer": text, "url": url}))
    assert (await api.sue.get("cases/c-1")).json()["card"] == {"subject": text, "customer": text, "url": url}


async def test_a_card_of_more_than_a_kibibyte_of_text_is_refused(api: Api) -> None:
    text = "語" * 171
    error = problem(await api.crm.post("cases", PRINTER | {"subject": text, "customer": text}), 422, "INVALID")
    assert error["detail"].startswith("$.subject: ")
    await api.crm.submit("c-1", "pool", subject=text, customer=text[:-1])
    problem(await api.crm.patch("cases/c-1", {"baton": "any", "customer": text}), 409, "CARD_TOO_LARGE")


async def test_the_same_case_again_answers_the_case_as_it_is(api: Api) -> None:
    await api.crm.post("cases", PRINTER)
    again = ok(await api.crm.post("cases", PRINTER), 201)
    assert again["revision"] == 1


async def test_the_same_id_with_another_body_is_refused(api: Api) -> None:
    await api.crm.post("cases", PRINTER)
    found = problem(await api.crm.post("cases", PRINTER | {"subject": "Screen"}), 409, "CASE_EXISTS")
    assert found["current"]["case"] == "c-1"


async def test_a_change_without_a_key_is_refused(api: Api) -> None:
    found = problem(await api.crm.post("cases", PRINTER, key=None), 422, "INVALID")
    assert found["detail"].startswith("Idempotency-Key")
    assert (await api.sue.get("cases/c-1")).status_code == 404


async def test_why_a_case_waits_is_told_to_whoever_may_see_it(api: Api) -> None:
    await api.crm.post("cases", PRINTER)
    found = (await api.sue.get("cases/c-1/why")).json()
    assert (found["case"]["case"], found["place"]) == ("c-1", 1)
    assert found["reason"] == "pull_queue"
    problem(await api.sue.get("cases/c-9/why"), 404, "CASE_NOT_FOUND")


@pytest.mark.parametrize("key", ["a b", "a/b", "x" * 65, ":"])
async def test_a_key_must_be_an_id(api: Api, key: str) -> None:
    found = problem(await api.crm.post("cases", PRINTER, key=key), 422, "INVALID")
    assert found["detail"].startswith("$.id")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (PRINTER | {"priority": 10}, "$.priority"),
        (PRINTER | {"priority": "1"}, "$.priority"),
        (PRINTER | {"colour": "red"}, "$"),
        ({"queue": "pool"}, "$"),
        (PRINTER | {"id": "k-1"}, "$.id"),
        (PRINTER | {"type": "submit_case"}, "$.type"),
        (PRINTER | {"url": "javascript:alert(1)"}, "$.url"),
        (PRINTER | {"subject": "語" * 200, "customer": "語" * 200}, "$.subject"),
        (PRINTER | {"data": "x" * 33000}, "$.data"),
        ("text", "$"),
        (5, "$"),
    ],
)
async def test_a_bad_field_is_named_by_its_path(api: Api, body: Any, path: str) -> None:
    found = problem(await api.crm.post("cases", body), 422, "INVALID")
    assert found["detail"].partition(":")[0] == path
    assert found["retryable"] is False


@pytest.mark.parametrize("raw", [b"{", b"nope", b"\xff", b'{"subject": "\xff"', b'{"queue":"pool",}', b"[1,"])
async def test_what_is_not_json_is_said_to_be_so(api: Api, raw: bytes) -> None:
    problem(await api.crm.post("cases", raw=raw), 400, "NOT_JSON")


async def test_half_a_surrogate_pair_is_named_by_its_path(api: Api) -> None:
    found = problem(await api.crm.post("cases", raw=rb'{"queue":"pool","subject":"cut \ud83d"}'), 422, "INVALID")
    assert found["detail"].startswith("$.subject: half of a surrogate pair")


@pytest.mark.parametrize("raw", [b'{"a":' + b"[" * 9000, b"[" * 9000, b'{"data":' + b"[" * 9000 + b"]" * 9000 + b"}"])
async def test_nesting_however_deep_is_answered(api: Api, raw: bytes) -> None:
    assert (await api.crm.post("cases", raw=raw)).status_code in (400, 422)


@pytest.mark.parametrize("data", [b'"\xff"', b'["\xc3("]', b"1e999", b"[-1e400]"])
async def test_data_that_no_reader_could_decode_is_refused(api: Api, data: bytes) -> None:
    raw = b'{"queue":"pool","subject":"Printer","case":"c-1","data":' + data + b"}"
    found = await api.crm.post("cases", raw=raw)
    assert found.status_code in (400, 422)
    assert (await api.crm.get("cases/c-1")).status_code == 404


async def test_a_body_beyond_the_limit_is_refused(api: Api) -> None:
    problem(await api.crm.post("cases", raw=b" " * ((1 << 20) + 1)), 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [({"queue": "nowhere"}, 409, "UNKNOWN_QUEUE"), ({"channel": "telex"}, 409, "UNKNOWN_CHANNEL")],
)
async def test_what_the_configuration_does_not_know_is_refused(
    api: Api, change: dict[str, str], status: int, code: str
) -> None:
    problem(await api.crm.post("cases", PRINTER | change), status, code)


@pytest.mark.parametrize("role", ["agent", "supervisor"])
async def test_only_a_producer_submits(api: Api, role: str) -> None:
    problem(await api.signed_in(role, "ana").post("cases", PRINTER), 403, "FORBIDDEN")


# -- batch -----------------------------------------------------------------------------------------------------------


async def test_in_a_batch_one_bad_item_costs_only_itself(api: Api) -> None:
    items: list[Any] = [
        {"id": "k-0", "queue": "pool", "subject": "a", "case": "c-0"},
        {"id": "k-1", "queue": "pool", "subject": "b", "case": "c-1", "priority": 11},
        {"id": "k-2", "queue": "nowhere", "subject": "c", "case": "c-2"},
        {"queue": "pool", "subject": "d"},
        7,
        {"id": "k-5", "queue": "pool", "subject": "e", "case": "c-5"},
    ]
    answer = await api.crm.post("cases", items, key=None)
    assert answer.status_code == 207
    results = answer.json()["results"]
    assert [result.get("status", "ok") for result in results] == ["ok", 422, 409, 422, 422, "ok"]
    assert results[0]["ok"]["case"] == "c-0"
    assert results[0]["position"]
    assert results[1]["error"]["detail"].startswith("$[1].priority: ")
    assert results[2]["error"]["code"] == "UNKNOWN_QUEUE"
    assert results[3]["error"]["detail"].startswith("$[3]: ")
    assert [result["error"]["retryable"] for result in results if "error" in result] == [False] * 4
    assert results[4]["error"]["detail"].startswith("$[4]: ")
    assert [case["case"] for case in (await api.sue.get("queues/pool/cases")).json()["cases"]] == ["c-0", "c-5"]


async def test_a_batch_sent_again_has_the_same_answers_and_no_second_effect(api: Api) -> None:
    items = [{"id": f"k-{i}", "queue": "pool", "subject": "a"} for i in range(5)]
    first, again = [(await api.crm.post("cases", items, key=None)).json() for _ in range(2)]
    assert first == again
    assert (await api.sue.get("queues/pool")).json()["waiting"] == 5


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_holds_one_to_a_hundred(api: Api, count: int) -> None:
    items = [{"id": f"k-{i}", "queue": "pool", "subject": "a"} for i in range(count)]
    assert (
        problem(await api.crm.post("cases", items, key=None), 422, "INVALID")["detail"] == "$: expected 1 to 100 cases"
    )


async def test_a_batch_of_a_hundred_goes_through_in_order(api: Api) -> None:
    items = [{"id": f"k-{i}", "queue": "pool", "subject": "a", "case": f"c-{i:03}"} for i in range(100)]
    results = (await api.crm.post("cases", items, key=None)).json()["results"]
    assert [result["ok"]["case"] for result in results] == [item["case"] for item in items]


# -- one case --------------------------------------------------------------------------------------------------------


async def test_a_case_is_read_with_its_data_and_its_revision_as_etag(api: Api) -> None:
    await api.crm.submit("c-1", "pool", data={"floor": [3]}, url="https://crm.example/1", created_at_ms=5)
    answer = await api.crm.get("cases/c-1")
    case = answer.json()
    assert case["data"] == {"floor": [3]}
    assert case["card"] == {"subject": "About c-1", "url": "https://crm.example/1"}
    assert case["created_at_ms"] == 5
    assert answer.headers["etag"] == '"1"'
    ok(await api.crm.patch("cases/c-1", {"baton": "any", "priority": 1}))
    assert (await api.crm.get("cases/c-1")).headers["etag"] == '"2"'


async def test_an_unknown_case_is_not_found(api: Api) -> None:
    problem(await api.crm.get("cases/c-9"), 404, "CASE_NOT_FOUND")
    problem(await api.crm.get("cases/c-9/history"), 404, "CASE_NOT_FOUND")
    problem(await api.crm.patch("cases/c-9", {"baton": "any"}), 404, "CASE_NOT_FOUND")
    problem(await api.crm.post("cases/c-9/cancel", {"baton": "any", "reason": "r"}), 404, "CASE_NOT_FOUND")


@pytest.mark.parametrize("case", ["a b", "a:b", "%22", "a%0a", "a{b}", "{acme}:log", "é", "x" * 65, "a%2cb"])
async def test_a_path_that_is_no_id_finds_nothing_and_breaks_nothing(api: Api, case: str) -> None:
    for path in (f"cases/{case}", f"cases/{case}/history", f"queues/{case}", f"queues/{case}/cases", f"agents/{case}"):
        answer = await api.sue.get(path)
        assert 400 <= answer.status_code < 500, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.loads(answer.content)["code"] in ("INVALID", "CASE_NOT_FOUND", "UNKNOWN_QUEUE", "UNKNOWN_AGENT")


async def test_a_patch_changes_what_the_case_says_and_not_whose_it_is(api: Api) -> None:
    await api.crm.submit("c-1", "pool", customer="Kim")
    before = (await api.crm.get("cases/c-1")).json()
    brief = ok(await api.crm.patch("cases/c-1", {"baton": before["baton"], "subject": "New", "priority": 0}))
    assert (brief["baton"], brief["revision"]) == (before["baton"], 2)
    after = (await api.crm.get("cases/c-1")).json()
    assert after["card"] == {"subject": "New", "customer": "Kim"}
    assert after["priority"] == 0


async def test_the_body_of_a_patch_does_not_name_the_case(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    found = problem(await api.crm.patch("cases/c-1", {"baton": "any", "case": "c-2"}), 422, "INVALID")
    assert found["detail"].startswith("$.case: ")


# -- verbs -----------------------------------------------------------------------------------------------------------


async def test_an_agents_whole_life_with_a_case(api: Api) -> None:
    async with api.online("ana"):
        offered = await api.crm.submit("c-1")
        assert offered["state"] == "offered"
        declined = ok(await api.ana.post("cases/c-1/decline", {"baton": offered["baton"], "reason": "lunch"}))
        assert declined["state"] == "waiting"
        waiting = await api.crm.submit("c-2", "pool")
        taken = ok(await api.ana.post("cases/c-2/take", {"baton": waiting["baton"]}))
        assert taken["owner"] == "agent:ana"
        returned = ok(await api.ana.post("cases/c-2/return", {"baton": taken["baton"], "reason": "r", "place": "back"}))
        assert returned["owner"] == "queue:pool"
        third = await api.crm.submit("c-3")
        accepted = ok(await api.ana.post("cases/c-3/accept", {"baton": third["baton"]}))
        moved = ok(await api.ana.post("cases/c-3/transfer", {"baton": accepted["baton"], "queue": "pool"}))
        assert moved["owner"] == "queue:pool"
        again = ok(await api.ana.post("cases/c-3/take", {"baton": moved["baton"]}))
        assert ok(await api.ana.post("cases/c-3/complete", {"baton": again["baton"]}))["state"] == "closed"


async def test_those_who_steer_may_say_any(api: Api) -> None:
    async with api.online("ana"):
        assert (await api.crm.submit("c-1"))["state"] == "offered"
        assert ok(await api.sue.post("cases/c-1/revoke", {"baton": "any", "reason": "r"}))["state"] == "waiting"
        assert ok(await api.sue.post("cases/c-1/transfer", {"baton": "any", "queue": "pool"}))["owner"] == "queue:pool"
        assert ok(await api.crm.post("cases/c-1/cancel", {"baton": "any", "reason": "r"}))["state"] == "cancelled"


@pytest.mark.parametrize("verb", ["accept", "decline", "take", "return", "transfer", "complete"])
async def test_an_agent_may_not_say_any(api: Api, verb: str) -> None:
    await api.crm.submit("c-1", "pool")
    more = {"decline": {"reason": "r"}, "return": {"reason": "r"}, "transfer": {"queue": "support"}}.get(verb, {})
    found = problem(await api.ana.post(f"cases/c-1/{verb}", {"baton": "any", **more}), 403, "FORBIDDEN")
    assert found["detail"].startswith("$.baton: ")


async def test_an_agent_may_not_patch_with_any(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    problem(await api.ana.patch("cases/c-1", {"baton": "any", "priority": 0}), 403, "FORBIDDEN")


async def test_a_stale_baton_is_told_who_has_the_case(api: Api) -> None:
    async with api.online("ana"):
        offered = await api.crm.submit("c-1")
        ok(await api.ana.post("cases/c-1/accept", {"baton": offered["baton"]}))
        found = problem(await api.ana.post("cases/c-1/accept", {"baton": offered["baton"]}), 409, "STALE_BATON")
        assert found["current"]["owner"] == "agent:ana"
        assert found["current"]["state"] == "active"
        assert found["retryable"] is False


async def test_somebody_elses_case_is_not_ones_own(api: Api) -> None:
    async with api.online("ana"):
        offered = await api.crm.submit("c-1")
        bo = api.signed_in("agent", "bo")
        problem(await bo.post("cases/c-1/accept", {"baton": offered["baton"]}), 403, "NOT_HOLDER")


@pytest.mark.parametrize("verb", ["fly", "submit", "update", "accept_case", "history", "ACCEPT"])
async def test_an_unknown_verb_is_no_page(api: Api, verb: str) -> None:
    await api.crm.submit("c-1", "pool")
    assert problem(await api.crm.post(f"cases/c-1/{verb}", {"baton": "any"}), 404, "NO_SUCH_PAGE")


@pytest.mark.parametrize("verb", m.VERBS)
async def test_every_verb_needs_a_key_and_names_a_bad_field(api: Api, verb: str) -> None:
    assert problem(await api.sue.post(f"cases/c-1/{verb}", {}, key=None), 422, "INVALID")["detail"].startswith("Idem")
    assert problem(await api.sue.post(f"cases/c-1/{verb}", {"baton": 1}), 422, "INVALID")["detail"].startswith(
        "$.baton"
    )
    assert problem(await api.sue.post(f"cases/c-1/{verb}"), 422, "INVALID")["detail"].startswith("$: ")


async def test_a_key_again_answers_what_it_answered_first_whatever_the_body_says_now(api: Api) -> None:
    first = await api.crm.post("cases", PRINTER, key="k-once")
    again = await api.crm.post("cases", {"queue": "support", "subject": "Scanner", "case": "c-2"}, key="k-once")
    assert (again.status_code, again.json()) == (201, first.json())
    problem(await api.crm.get("cases/c-2"), 404, "CASE_NOT_FOUND")
    body = {"baton": "any", "priority": 1}
    problem(await api.crm.patch("cases/c-2", body, key="k-refused"), 404, "CASE_NOT_FOUND")
    await api.crm.submit("c-2", "pool")
    ok(await api.crm.patch("cases/c-2", body, key="k-refused"))


# -- notes -----------------------------------------------------------------------------------------------------------


async def test_notes_are_written_by_those_who_steer_and_by_the_owner_and_read(api: Api) -> None:
    async with api.online("ana"):
        offered = await api.crm.submit("c-1")
        assert ok(await api.crm.post("cases/c-1/note", {"text": "Second call."}))["baton"] == offered["baton"]
        accepted = ok(await api.ana.post("cases/c-1/accept", {"baton": offered["baton"]}))
        ok(await api.ana.post("cases/c-1/note", {"baton": accepted["baton"], "text": "Knows us well."}))
        page = (await api.ana.get("cases/c-1/notes")).json()
        assert [(note["actor"], note["text"]) for note in page["items"]] == [
            ("producer:crm", "Second call."),
            ("agent:ana", "Knows us well."),
        ]
        assert (await api.crm.get("cases/c-1")).json()["notes"] == 2


async def test_an_agent_shows_its_baton_with_a_note(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    problem(await api.ana.post("cases/c-1/note", {"text": "Mine?"}), 403, "FORBIDDEN")


async def test_notes_are_read_by_those_who_see_the_case(api: Api) -> None:
    await api.crm.submit("c-1", "pool")
    problem(await api.signed_in("agent", "zoe").get("cases/c-1/notes"), 403, "NOT_MEMBER")
    problem(await api.sue.get("cases/c-9/notes"), 404, "CASE_NOT_FOUND")
    problem(await api.sue.get("cases/a%20b/notes"), 422, "INVALID")
    assert (await api.ana.get("cases/c-1/notes")).json()["items"] == []
