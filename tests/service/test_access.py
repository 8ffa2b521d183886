"""Who may send what."""

import pytest

from casebaton.auth import ROLES, Identity, Role
from casebaton.errors import Forbidden
from casebaton.service import access
from casebaton.wire import messages as m

CASE_COMMANDS = m.CaseCommand.__subclasses__()
NAMED = {"agent": "an agent", "supervisor": "a supervisor", "producer": "a producer", "admin": "an admin"}
FILL = {"reason": "r", "queue": "support", "agent": "bo", "text": "t", "stage": "completed"}


def identity(role: Role) -> Identity:
    return Identity("acme", role, "someone", 0)


def command(shape: type[m.CaseCommand], baton: str) -> m.CaseCommand:
    more = {name: value for name, value in FILL.items() if name in shape.__struct_fields__}
    return shape(id="c-1", case="k", baton=baton, **more)


def test_every_command_has_its_roles_and_each_is_a_known_one() -> None:
    assert set(access.MAY) == set(m.Command.__args__)
    assert all(roles and roles <= set(ROLES) for roles in access.MAY.values())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("shape", CASE_COMMANDS)
def test_a_role_sends_only_what_it_may(role: Role, shape: type[m.CaseCommand]) -> None:
    if role in access.MAY[shape]:
        access.check(identity(role), command(shape, "tok.1"))
    else:
        with pytest.raises(Forbidden) as caught:
            access.check(identity(role), command(shape, "tok.1"))
        refused, _, allowed = caught.value.detail.partition(", but ")
        assert refused == f"{NAMED[role]} may not send {access.name_of(command(shape, 'tok.1'))}"
        assert {other for other in ROLES if NAMED[other] in allowed} == access.MAY[shape]


def test_roles_are_named_in_a_sentence() -> None:
    assert access.any_of({"admin"}) == "an admin"
    assert access.any_of({"admin", "supervisor"}) == "a supervisor or an admin"
    assert access.any_of(access.STEERING) == "a supervisor, a producer or an admin"


@pytest.mark.parametrize("shape", [shape for shape in CASE_COMMANDS if "agent" in access.MAY[shape]])
def test_an_agent_shows_the_baton_it_saw(shape: type[m.CaseCommand]) -> None:
    with pytest.raises(Forbidden, match=r"^FORBIDDEN: \$\.baton"):
        access.check(identity("agent"), command(shape, "any"))


@pytest.mark.parametrize("role", ["supervisor", "producer", "admin"])
def test_those_who_steer_may_say_any(role: Role) -> None:
    for shape in (shape for shape in CASE_COMMANDS if role in access.MAY[shape]):
        access.check(identity(role), command(shape, "any"))
