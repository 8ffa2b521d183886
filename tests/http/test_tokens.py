"""A fresh token for a valid one."""

from casebaton.auth import Scope
from tests.http.world import open_api, problem


async def test_whoever_has_a_token_gets_another_of_the_same_claims(redis_url: str) -> None:
    async with open_api(redis_url, session_s=3600) as api:
        sam = api.signed_in("supervisor", "sam", scope=Scope(("billing",)))
        response = await sam.post("token", key=None)
        assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
        found = response.json()
        identity = api.node.tokens.verify(found["token"])
        assert (*identity.actor, identity.workspace) == ("supervisor", "sam", Scope(("billing",)).text, "acme")
        assert found == {"token": found["token"], "expires_at_ms": round(identity.expires_at * 1000)}


async def test_without_a_session_nothing_is_renewed(redis_url: str) -> None:
    async with open_api(redis_url) as api:
        assert "session_s" in problem(await api.ana.post("token", key=None), 403, "FORBIDDEN")["detail"]


async def test_only_a_valid_token_of_this_workspace_is_renewed(redis_url: str) -> None:
    async with open_api(redis_url, session_s=3600) as api:
        problem(await api.signed_in("agent", "ana", at="other").post("token", key=None), 403, "FORBIDDEN")
        expired = api.node.tokens.sign("acme", "agent", "ana", ttl_s=-1)
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Bearer {expired}"}):
            response = await api.client.post("/v1/acme/token", headers=headers)
            problem(response, 401, "UNAUTHENTICATED")
