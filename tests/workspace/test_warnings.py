"""What can never route is said, with its path."""

import pytest

from casebaton.workspace import document
from casebaton.workspace.roster import Person
from casebaton.workspace.warnings import warnings_of

QUIET = "[channels.case]\n[queues.support]\n[agents.ana]\nqueues = ['support']\n"


def person(name: str, *queues: str, capacity: int = 10, room: int = 3) -> Person:
    return Person(agent=name, name=name, team="", capacity=capacity, interruptible_capacity=room, queues=list(queues))


def warned(text: str, *people: Person) -> dict[str, str]:
    found = list(warnings_of(document.parse(text), {each.agent: each for each in people}))
    by_path = {warning.path: warning.says for warning in found}
    assert len(by_path) == len(found), "each is said once"
    return by_path


def test_what_can_route_is_not_warned_of() -> None:
    assert warned(QUIET) == {}
    assert warned(QUIET + "[queues.new]\n", person("bo", "new")) == {}


@pytest.mark.parametrize(
    ("mode", "says"),
    [("push", "offered to nobody"), ("pull", "taken by nobody"), ("both", "neither offered nor taken")],
)
def test_a_queue_that_nobody_is_in(mode: str, says: str) -> None:
    (found,) = warned(QUIET + f"[queues.new]\nmode = '{mode}'\n", person("bo", "support")).items()
    assert found[0] == "$.queues.new"
    assert found[1].endswith(says)


def test_a_queue_whose_skills_nobody_in_it_has() -> None:
    text = "skills = ['german', 'loans']\n" + QUIET + "[queues.bank]\nskills = {german = 2, loans = 1}\n"
    able = "[agents.bo]\nqueues = ['bank']\nskills = {german = 1, loans = 1}\n"
    cy = person("cy", "bank")
    assert warned(text + able, cy) == {"$.queues.bank.skills": "nobody who is in it has them all at their levels"}
    assert warned(text + able.replace("german = 1", "german = 2"), cy) == {}


def test_a_channel_that_is_too_heavy_for_everybody() -> None:
    heavy = QUIET + "[channels.chat]\npool = 'primary'\ncost = 12\n[channels.mail]\ncost = 4\n"
    assert warned(heavy) == {
        "$.channels.chat.cost": "12: no agent has more than 10 primary units",
        "$.channels.mail.cost": "4: no agent has more than 3 interruptible units",
    }
    assert warned(heavy, person("bo", "support", capacity=12, room=4)) == {}


def test_an_agent_who_gets_no_work() -> None:
    text = QUIET + "[agents.bo]\ncapacity = 0\nqueues = ['support']\n[agents.cy]\n"
    assert warned(text).keys() == {"$.agents.bo.capacity", "$.agents.cy.queues"}
    assert warned(text, person("cy", "support")).keys() == {"$.agents.bo.capacity"}  # what is not named stays


def test_without_agents_only_the_queues_are_warned_of() -> None:
    assert warned("[channels.case]\ncost = 9\n[queues.support]\n").keys() == {"$.queues.support"}


def test_a_status_that_is_online_for_nothing() -> None:
    assert warned(QUIET + "[statuses.nothing]\nkind = 'online'\nchannels = []\n") == {
        "$.statuses.nothing.channels": "who is nothing is online and is offered nothing"
    }


def test_hours_that_are_none() -> None:
    office = "[hours.office]\nzone = 'UTC'\n"
    assert warned(QUIET + office) == {"$.hours.office": "never open: say `week` or `extra`"}
    assert warned(QUIET + office + "week = {mon = ['09:00-17:00']}\n") == {}


def test_whose_skills_make_a_member_gets_work_without_being_in_a_queue() -> None:
    text = "skills = ['german']\n" + QUIET + "[queues.german]\nmember_skills = {german = 2}\n"
    assert warned(text + "[agents.bo]\nskills = {german = 2}\n") == {}
    assert warned(text + "[agents.bo]\nskills = {german = 1}\n").keys() == {"$.queues.german", "$.agents.bo.queues"}
