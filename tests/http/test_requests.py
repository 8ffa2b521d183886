"""Who asks: tokens over HTTP, and what every route has in common."""

import httpx2
import pytest

from casebaton.http import agents, cases, config, queues, roster
from casebaton.store import workspaces
from tests.http.world import Api, Caller, problem

ROUTES = [
    (
        method,
        route.path.removeprefix("/v1/{workspace}/").format(
            case="c-1", queue="pool", agent="ana", verb="resume", version="1"
        ),
    )
    for route in (*cases.ROUTES, *queues.ROUTES, *agents.ROUTES, *config.ROUTES, *roster.ROUTES)
    for method in sorted((route.methods or set()) - {"HEAD"})
]


def test_every_route_is_below_its_workspace() -> None:
    assert all(route.path.startswith("/v1/{workspace}/") for route in cases.ROUTES)
    assert len(ROUTES) == len(set(ROUTES)) == 30


@pytest.mark.parametrize("path", ["cases/c-1/dance", "queues/support/dance", "agents/ana/dance"])
async def test_without_a_token_nobody_learns_which_verbs_there_are(api: Api, path: str) -> None:
    problem(await api.client.post(f"/v1/acme/{path}"), 401, "UNAUTHENTICATED")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_route_answers_without_a_good_token(api: Api, method: str, path: str) -> None:
    good = api.node.tokens.sign("acme", "supervisor", "sue", ttl_s=60)
    late = api.node.tokens.sign("acme", "supervisor", "sue", ttl_s=-1)
    headers: list[dict[str, str]] = [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": f"Bearer {late}"},
        {"Authorization": f"Basic {good}"},
        {"Authorization": good},
        {"Cookie": f"token={good}"},
    ]
    for header in headers:
        answer = await Caller(api.client, header, "acme").send(method, path, {})
        problem(answer, 401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert good not in answer.text


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_token_opens_its_own_workspace_only(api: Api, method: str, path: str) -> None:
    foreign = api.signed_in("supervisor", "sue", workspace="other", at="acme")
    problem(await foreign.send(method, path, {}), 403, "FORBIDDEN")


async def test_a_token_in_the_url_is_not_read(api: Api) -> None:
    token = api.node.tokens.sign("acme", "supervisor", "sue", ttl_s=60)
    problem(await Caller(api.client, {}, "acme").get("queues", token=token, access_token=token), 401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    "path",
    ["cases", "cases/c-1", "cases/c-1/history", "queues", "queues/pool", "agents", "agents/ana", "cases?agent=ana"],
)
async def test_a_workspace_that_is_not_there_is_said_to_be_so(api: Api, path: str) -> None:
    sue = api.signed_in("supervisor", "sue", workspace="nowhere")
    problem(await sue.get(path), 404, "NO_SUCH_WORKSPACE")


@pytest.mark.parametrize(("method", "path"), [("GET", "nothing"), ("GET", "cases/c-1/a/b"), ("GET", "cases/a%2Fb/c/d")])
async def test_what_no_route_answers_is_a_problem_too(api: Api, method: str, path: str) -> None:
    problem(await api.sue.send(method, path), 404, "NO_SUCH_PAGE")


def is_kept_by_nobody(answer: httpx2.Response) -> bool:
    """Neither by browsers and proxies on the way, nor as anything else than what its type says."""
    return (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_answer_is_kept_on_the_way(api: Api, method: str, path: str) -> None:
    assert is_kept_by_nobody(await api.ann.send(method, path))
    assert is_kept_by_nobody(await api.client.request(method, f"/v1/acme/{path}"))


async def test_what_is_read_is_not_kept_on_the_way_either(api: Api) -> None:
    await api.crm.submit("c-1")
    case = await api.crm.get("cases/c-1")
    assert (case.status_code, case.headers["etag"]) == (200, '"1"')
    table = await api.ann.get("roster", accept="text/csv")
    assert table.headers["content-type"].startswith("text/csv")
    nothing = await api.client.get("/v1/acme/nothing/here")
    assert all(is_kept_by_nobody(answer) for answer in (case, table, nothing))


@pytest.mark.parametrize(("method", "path"), [("DELETE", "cases/c-1"), ("PUT", "agents/ana"), ("POST", "queues")])
async def test_a_method_that_a_route_does_not_know_is_a_problem_too(api: Api, method: str, path: str) -> None:
    problem(await api.sue.send(method, path), 405, "NO_SUCH_PAGE")


async def test_a_request_on_which_the_node_fails_is_a_problem_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(workspaces, "queue_modes", fail)
    transport = httpx2.ASGITransport(app=api.node.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://node.example") as client:
        problem(await Api(api.node, client).sue.get("queues"), 500, "NODE_FAULT")


async def test_a_body_is_cut_off_while_it_streams(api: Api) -> None:
    sent = 0

    async def endless() -> object:
        nonlocal sent
        while True:
            sent += 1 << 16
            assert sent < 1 << 23, "the server reads on and on"
            yield b" " * (1 << 16)

    token = api.node.tokens.sign("acme", "producer", "crm", ttl_s=60)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1"}
    answer = await api.client.post("/v1/acme/cases", content=endless(), headers=headers)  # type: ignore[arg-type]
    problem(answer, 413, "BODY_TOO_LARGE")
