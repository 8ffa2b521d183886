"""Who may send what: role and shape are checked here, everything that depends on state in the engine."""

from collections.abc import Collection
from urllib.parse import quote

from casebaton.auth import ROLES, Identity, Role, Scope
from casebaton.errors import Forbidden
from casebaton.wire import messages as m

SUPERVISING: frozenset[Role] = frozenset({"supervisor", "admin"})
CONFIGURING: frozenset[Role] = frozenset({"admin"})
STEERING: frozenset[Role] = frozenset({"supervisor", "producer", "admin"})

MAY: dict[type[m.CommandMessage], frozenset[Role]] = {
    m.SubmitCase: frozenset({"producer", "admin"}),
    m.AcceptCase: frozenset({"agent"}),
    m.DeclineCase: frozenset({"agent"}),
    m.TakeCase: frozenset({"agent"}),
    m.ReturnCase: frozenset({"agent", "supervisor", "admin"}),
    m.CompleteCase: frozenset({"agent", "supervisor", "admin"}),
    m.TransferCase: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.CancelCase: frozenset({"producer", "supervisor", "admin"}),
    m.UpdateCase: frozenset({"agent", "producer", "supervisor", "admin"}),
    m.RevokeOffer: frozenset({"supervisor", "admin"}),
    m.SetStatus: frozenset({"agent"}),
    m.SetAgent: frozenset({"supervisor", "admin"}),
    m.WatchQueue: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.WhyCase: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.Unwatch: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.RefreshToken: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.Ping: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.RemoveAgent: CONFIGURING,
    m.EraseCustomer: CONFIGURING,
    m.AbandonCase: frozenset({"producer", "admin"}),
    m.TakeNext: frozenset({"agent"}),
    m.AssignCase: frozenset({"supervisor", "admin"}),
    m.WrapCase: frozenset({"agent"}),
    m.ExtendWrapUp: frozenset({"agent"}),
    m.ParkCase: frozenset({"agent"}),
    m.ResumeCase: frozenset({"agent", "supervisor", "admin"}),
    m.ReopenCase: frozenset({"producer", "supervisor", "admin"}),
    m.AddNote: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.ReadNotes: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.ReadHistory: frozenset({"agent", "supervisor", "producer", "admin"}),
    m.ReadDay: frozenset({"agent", "supervisor", "admin"}),
    m.PauseQueue: SUPERVISING,
    m.DrainQueue: SUPERVISING,
    m.ResumeQueue: SUPERVISING,
    m.DrainAgent: SUPERVISING,
    m.RequeueAgent: SUPERVISING,
    m.RaiseFlag: frozenset({"agent"}),
    m.LowerFlag: frozenset({"agent"}),
    m.AnswerFlag: SUPERVISING,
    m.SetStage: frozenset({"agent", "supervisor", "admin"}),
    m.ReadConfig: SUPERVISING,
    m.ReadConfigVersions: SUPERVISING,
    m.ApplyConfig: SUPERVISING,  # a dry run; else an admin: the use case says so
    m.RollbackConfig: SUPERVISING,
    m.ReadRoster: SUPERVISING,
    m.PutRoster: CONFIGURING,
    m.WatchWorkspace: SUPERVISING,
    m.UnwatchWorkspace: SUPERVISING,
    m.WatchAgent: SUPERVISING,
    m.UnwatchAgent: SUPERVISING,
    m.WatchCounts: frozenset({"agent"}),
    m.UnwatchCounts: frozenset({"agent"}),
    m.ReadReport: SUPERVISING,
    m.ReadLife: SUPERVISING,
    m.FindColleagues: frozenset({"agent", "supervisor", "admin"}),
    m.SearchCases: frozenset({"agent", "supervisor", "admin"}),
    m.ReadNames: frozenset({"agent", "supervisor", "producer", "admin"}),
}


def name_of(command: m.CommandMessage) -> str:
    """The command's `type`."""
    return str(type(command).__struct_config__.tag)


def require(identity: Identity, roles: frozenset[Role], what: str) -> None:
    """Raise Forbidden unless the role is one of these, for what is no command."""
    if identity.role not in roles:
        raise Forbidden(f"a {identity.role} may not {what}: a token of {' or '.join(sorted(roles))} may")


def check(identity: Identity, command: m.CommandMessage) -> None:
    """Raise Forbidden unless the role may send the command, and with such a baton."""
    if identity.role not in MAY[type(command)]:
        raise Forbidden(f"{_one(identity.role)} may not send {name_of(command)}, but {any_of(MAY[type(command)])} may")
    if isinstance(command, m.CaseCommand) and command.baton == "any" and identity.role not in STEERING:
        raise Forbidden(f"$.baton: an agent shows the baton it saw; {any_of(STEERING)} may say `any`")


def steering_topics(identity: Identity) -> list[str]:
    """The topics of the log that tell whoever steers what it should see within its scope."""
    if identity.role not in SUPERVISING:
        return []
    return ["steering"] if identity.scope is None else topics_of(identity.scope)


def topics_of(scope: Scope) -> list[str]:
    """The topics that tell whoever steers within a scope."""
    teams = [f"steering/team:{quote(team, safe='')}" for team in scope.teams]
    return [f"steering/queue:{queue}" for queue in scope.queues] + teams


def any_of(roles: Collection[Role]) -> str:
    """As in "a supervisor, a producer or an admin"."""
    *most, last = [_one(role) for role in ROLES if role in roles]
    return f"{', '.join(most)} or {last}" if most else last


def _one(role: Role) -> str:
    return f"an {role}" if role[0] == "a" else f"a {role}"
