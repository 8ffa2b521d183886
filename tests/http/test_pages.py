"""The page, its files, and the sign-in that only dev mode has."""

import gzip
from pathlib import Path

import pytest

from casebaton.http import pages
from casebaton.store.client import StoreClient
from tests.http.world import Api, Caller, open_api, problem

GZIPPED = gzip.compress(b"export {}", mtime=0)


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built pages with one file, wherever the real ones are."""
    for name, _ in pages.FILES.values():
        (tmp_path / name).write_text(f"the file {name}")
    (tmp_path / "agent-HASH.js").write_text("export {}")
    (tmp_path / "agent-HASH.js.gz").write_bytes(GZIPPED)
    (tmp_path / "agent-HASH.js.br").write_text("as brotli")  # no client here unpacks it
    (tmp_path / "agent.html.gz").write_bytes(gzip.compress(b"the packed page"))
    monkeypatch.setattr(pages, "WEB", tmp_path)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", [*pages.FILES, "/assets/agent-HASH.js"])
async def test_the_page_and_its_files_run_nothing_but_themselves(store: StoreClient, path: str) -> None:
    async with open_api(store.url) as api:
        answer = await api.client.get(path)
    assert answer.status_code == 200
    policy = dict(rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    for kind in ("script-src", "connect-src", "style-src", "manifest-src", "worker-src"):
        assert policy[kind] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "casebaton"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.usefixtures("built")
async def test_hashed_files_are_kept_and_the_page_is_asked_for_again(store: StoreClient) -> None:
    async with open_api(store.url) as api:
        assert (await api.client.get("/agent")).headers["cache-control"] == "no-cache"
        assert "immutable" in (await api.client.get("/assets/agent-HASH.js")).headers["cache-control"]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(("path", "file"), pages.FILES.items())
async def test_each_page_and_fixed_file_has_its_address(store: StoreClient, path: str, file: tuple[str, str]) -> None:
    name, media_type = file
    async with open_api(store.url) as api:
        answer = await api.client.get(path, headers={"Accept-Encoding": "identity"})
    assert answer.text == f"the file {name}"
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_a_file_comes_in_the_smallest_form_that_the_browser_takes(
    store: StoreClient, accepted: str, encoding: str | None
) -> None:
    async with (
        open_api(store.url) as api,
        api.client.stream("GET", "/assets/agent-HASH.js", headers={"Accept-Encoding": accepted}) as answer,
    ):
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert sent == {"br": b"as brotli", "gzip": GZIPPED, None: b"export {}"}[encoding]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.usefixtures("built")
async def test_a_page_is_packed_too_and_one_without_packed_form_is_sent_as_it_is(store: StoreClient) -> None:
    async with open_api(store.url) as api:
        packed = await api.client.get("/agent", headers={"Accept-Encoding": "gzip"})
        plain = await api.client.get("/supervisor", headers={"Accept-Encoding": "gzip"})
    assert (packed.text, packed.headers["content-encoding"]) == ("the packed page", "gzip")
    assert (plain.text, plain.headers.get("content-encoding")) == ("the file supervisor.html", None)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path",
    ["/assets/../settings.py", "/assets/%2e%2e/settings.py", "/assets//etc/passwd", "/assets/", "/assets/none.js"],
)
async def test_nothing_but_the_built_files_is_served(store: StoreClient, path: str) -> None:
    async with open_api(store.url) as api:
        assert (await api.client.get(path)).status_code == 404


async def test_without_a_built_page_the_answer_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: StoreClient
) -> None:
    monkeypatch.setattr(pages, "WEB", tmp_path / "none")
    async with open_api(store.url) as api:
        for path in pages.FILES:
            assert "make setup" in problem(await api.client.get(path), 404, "NO_SUCH_PAGE")["detail"]
        assert (await api.client.get("/assets/agent-HASH.js")).status_code == 404
        assert (await api.client.get("/livez")).status_code == 200


# -- dev sign-in -----------------------------------------------------------------------------------------------------


async def test_dev_mode_signs_in_by_name(store: StoreClient) -> None:
    async with open_api(store.url, dev=True) as api:
        answer = await api.client.post("/v1/acme/sign-in", json={"name": "ana", "role": "agent"})
        token = answer.json()["token"]
        identity = api.node.tokens.verify(token)
        assert (identity.workspace, *identity.actor) == ("acme", "agent", "ana")
        assert (
            await Caller(api.client, {"Authorization": f"Bearer {token}"}, "acme").get("agents/ana")
        ).status_code == 200
        assert (await api.client.get("/v1/dev")).json() == {"dev": True, "workspaces": ["acme"]}


ANA = {"name": "ana", "role": "agent"}


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "LOCALHOST:1", "127.0.0.1:8000", "[::1]:8000"])
async def test_dev_mode_answers_by_any_name_of_this_machine(store: StoreClient, host: str) -> None:
    async with open_api(store.url, dev=True, origins=["http://localhost:8000"]) as api:
        for origin in ({}, {"Origin": "http://localhost:8000"}):
            answer = await api.client.post("/v1/acme/sign-in", json=ANA, headers={"Host": host, **origin})
            assert answer.is_success, answer.text
            assert (await api.client.get("/v1/dev", headers={"Host": host, **origin})).is_success


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"Host": "evil.example"}, "Host"),
        ({"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}, "Host"),
        ({"Host": "localhost.evil.example"}, "Host"),
        ({"Host": "localhost@evil.example"}, "Host"),
        ({"Host": "evil.example@127.0.0.1"}, "Host"),
        ({"Host": "127.0.0.1:99999999"}, "Host"),
        ({"Host": "127.0.0.1/evil"}, "Host"),
        ({"Host": "[::1"}, "Host"),
        ({"Host": ""}, "Host"),
        ({"Host": "192.168.0.7:8000"}, "Host"),
        ({"Origin": "http://evil.example"}, "Origin"),
        ({"Origin": "http://localhost:9000"}, "Origin"),
        ({"Origin": "null"}, "Origin"),
    ],
)
async def test_dev_mode_does_not_answer_what_a_strangers_page_asks(
    store: StoreClient, headers: dict[str, str], named: str
) -> None:
    async with open_api(store.url, dev=True, origins=["http://localhost:8000"]) as api:
        for answer in (
            await api.client.post("/v1/acme/sign-in", json=ANA, headers=headers),
            await api.client.get("/v1/dev", headers=headers),
        ):
            assert problem(answer, 403, "FORBIDDEN")["detail"].startswith(f"{named}: ")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "text/json"])
async def test_dev_mode_takes_nothing_that_a_form_can_send(store: StoreClient, kind: str) -> None:
    async with open_api(store.url, dev=True) as api:
        body = b'{"name": "ana", "role": "agent"}'
        answer = await api.client.post("/v1/acme/sign-in", content=body, headers={"Content-Type": kind})
        assert problem(answer, 422, "INVALID")["detail"] == "Content-Type: send application/json"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": "a b", "role": "agent"}, "$.name"),
        ({"name": "ana", "role": "root"}, "$.role"),
        ({"name": "ana"}, "$"),
        ({"name": "ana", "role": "agent", "ttl_s": 9}, "$"),
    ],
)
async def test_dev_mode_still_checks_the_shape(store: StoreClient, body: dict[str, object], path: str) -> None:
    async with open_api(store.url, dev=True) as api:
        answer = await api.client.post("/v1/acme/sign-in", json=body)
        assert problem(answer, 422, "INVALID")["detail"].partition(":")[0] == path


async def test_dev_mode_lets_in_only_who_is_there(store: StoreClient) -> None:
    async with open_api(store.url, dev=True) as api:
        body = {"name": "nobody", "role": "agent"}
        found = problem(await api.client.post("/v1/acme/sign-in", json=body), 404, "UNKNOWN_AGENT")
        assert found["detail"] == "there is no agent nobody"
        for role in ("agent", "supervisor"):
            body = {"name": "ana", "role": role}
            found = problem(await api.client.post("/v1/nosuch/sign-in", json=body), 404, "NO_SUCH_WORKSPACE")
            assert found["detail"] == "there is no workspace nosuch"
        problem(await api.client.post("/v1/no%20such/sign-in", json=body), 422, "INVALID")
        assert (await api.client.post("/v1/acme/sign-in", json={"name": "sue", "role": "supervisor"})).is_success


async def test_without_dev_mode_there_is_no_sign_in(api: Api) -> None:
    problem(await api.client.post("/v1/acme/sign-in", json={"name": "ana", "role": "admin"}), 404, "NO_SUCH_PAGE")
    problem(await api.client.get("/v1/dev"), 404, "NO_SUCH_PAGE")
