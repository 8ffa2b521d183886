from pathlib import Path

import pytest

from casebaton.auth import Scope, Tokens, read_secret
from tests.cli.processes import left_in, run

FOR_CRM = ("--role", "producer", "--subject", "crm")


async def test_prints_a_token_that_nodes_on_the_same_directory_accept(tmp_path: Path) -> None:
    secret = read_secret(tmp_path / "data")
    code, out, err = await run(tmp_path, "token", "acme", *FOR_CRM, "--data-dir", "data")
    assert (code, err) == (0, "")
    identity = Tokens(secret).verify(out.strip())
    assert (identity.workspace, *identity.actor) == ("acme", "producer", "crm")


async def test_a_supervisors_scope_is_named_queue_by_queue_and_team_by_team(tmp_path: Path) -> None:
    secret = read_secret(tmp_path / "data")
    for_sue = ("token", "acme", "--role", "supervisor", "--subject", "sue", "--data-dir", "data")
    scope = ("--queues", "billing", "--queues", "support", "--teams", "South East")
    code, out, err = await run(tmp_path, *for_sue, *scope)
    assert (code, err) == (0, "")
    assert Tokens(secret).verify(out.strip()).scope == Scope(("billing", "support"), ("South East",))
    assert Tokens(secret).verify((await run(tmp_path, *for_sue))[1].strip()).scope is None
    code, out, err = await run(tmp_path, "token", "acme", *FOR_CRM, *scope, "--data-dir", "data")
    assert (code, out, err) == (2, "", "casebaton: scope: only a supervisor has one\n")


async def test_a_person_may_be_given_a_name(tmp_path: Path) -> None:
    secret = read_secret(tmp_path / "data")
    for_sue = ("token", "acme", "--role", "supervisor", "--subject", "sue", "--data-dir", "data")
    assert Tokens(secret).verify((await run(tmp_path, *for_sue, "--name", "Sue Park"))[1].strip()).name == "Sue Park"
    code, _, err = await run(tmp_path, *for_sue, "--name", "x" * 201)
    assert (code, err) == (2, "casebaton: name: at most 200 characters\n")


async def test_says_when_it_made_the_secret_itself(tmp_path: Path) -> None:
    code, out, err = await run(tmp_path, "token", "acme", *FOR_CRM, "--data-dir", "data")
    assert (code, err.count("\n"), "made a new secret in data" in err) == (0, 1, True)
    assert Tokens(read_secret(tmp_path / "data")).verify(out.strip()).subject == "crm"
    assert "secret" not in (await run(tmp_path, "token", "acme", *FOR_CRM, "--data-dir", "data"))[2]


@pytest.mark.parametrize("bad", ["", "a b", "a/b", "ä", "-a", "x" * 65, "a}b"])
async def test_names_the_argument_that_is_not_an_id_and_makes_nothing(tmp_path: Path, bad: str) -> None:
    for named, arguments in (
        ("subject", ("--role", "producer", "--subject", bad, "--", "acme")),
        ("workspace", (*FOR_CRM, "--", bad)),
    ):
        code, out, err = await run(tmp_path, "token", *arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"casebaton: {named}: not an id: letters, digits")
    assert left_in(tmp_path) == []
