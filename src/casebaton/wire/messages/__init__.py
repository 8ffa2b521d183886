"""Every command of the protocol, as msgspec structs, by who sends it; here they are one tagged union, `Command`.

`id` is the client's command id. HTTP uses the same structs: the path gives `type` and `case`, the `Idempotency-Key`
header gives `id`.
"""

from casebaton.wire.messages.admins import (
    ApplyConfig,
    ConfigCommand,
    EraseCustomer,
    PutRoster,
    ReadConfig,
    ReadConfigVersions,
    ReadRoster,
    RemoveAgent,
    RollbackConfig,
)
from casebaton.wire.messages.agents import (
    AcceptCase,
    CompleteCase,
    DeclineCase,
    ExtendWrapUp,
    FindColleagues,
    LowerFlag,
    ParkCase,
    RaiseFlag,
    ResumeCase,
    ReturnCase,
    SetStage,
    SetStatus,
    TakeCase,
    TakeNext,
    TransferCase,
    UnwatchCounts,
    WatchCounts,
    WrapCase,
)
from casebaton.wire.messages.anybody import (
    AddNote,
    Ping,
    ReadDay,
    ReadHistory,
    ReadNames,
    ReadNotes,
    RefreshToken,
    SearchCases,
    Unwatch,
    WatchQueue,
    WhyCase,
)
from casebaton.wire.messages.base import (
    CaseCommand,
    CommandMessage,
)
from casebaton.wire.messages.producers import (
    AbandonCase,
    AdditionalSkill,
    CancelCase,
    Card,
    ReopenCase,
    SubmitCase,
    UpdateCase,
    Window,
)
from casebaton.wire.messages.supervisors import (
    AnswerFlag,
    AssignCase,
    DrainAgent,
    DrainQueue,
    PauseQueue,
    ReadLife,
    ReadReport,
    RequeueAgent,
    ResumeQueue,
    RevokeOffer,
    SetAgent,
    SkillDates,
    UnwatchAgent,
    UnwatchWorkspace,
    WatchAgent,
    WatchWorkspace,
)

__all__ = [
    "AGENT_VERBS",
    "QUEUE_VERBS",
    "VERBS",
    "AbandonCase",
    "AcceptCase",
    "AddNote",
    "AdditionalSkill",
    "AnswerFlag",
    "ApplyConfig",
    "AssignCase",
    "CancelCase",
    "Card",
    "CaseCommand",
    "Command",
    "CommandMessage",
    "CompleteCase",
    "ConfigCommand",
    "DeclineCase",
    "DrainAgent",
    "DrainQueue",
    "EraseCustomer",
    "ExtendWrapUp",
    "FindColleagues",
    "LowerFlag",
    "ParkCase",
    "PauseQueue",
    "Ping",
    "PutRoster",
    "RaiseFlag",
    "ReadConfig",
    "ReadConfigVersions",
    "ReadDay",
    "ReadHistory",
    "ReadLife",
    "ReadNames",
    "ReadNotes",
    "ReadReport",
    "ReadRoster",
    "RefreshToken",
    "RemoveAgent",
    "ReopenCase",
    "RequeueAgent",
    "ResumeCase",
    "ResumeQueue",
    "ReturnCase",
    "RevokeOffer",
    "RollbackConfig",
    "SearchCases",
    "SetAgent",
    "SetStage",
    "SetStatus",
    "SkillDates",
    "SubmitCase",
    "TakeCase",
    "TakeNext",
    "TransferCase",
    "Unwatch",
    "UnwatchAgent",
    "UnwatchCounts",
    "UnwatchWorkspace",
    "UpdateCase",
    "WatchAgent",
    "WatchCounts",
    "WatchQueue",
    "WatchWorkspace",
    "WhyCase",
    "Window",
    "WrapCase",
]

Command = (
    SubmitCase
    | AcceptCase
    | DeclineCase
    | TakeCase
    | ReturnCase
    | TransferCase
    | CompleteCase
    | CancelCase
    | UpdateCase
    | RevokeOffer
    | SetStatus
    | SetAgent
    | WatchQueue
    | WhyCase
    | Unwatch
    | RefreshToken
    | Ping
    | RemoveAgent
    | EraseCustomer
    | AbandonCase
    | TakeNext
    | AssignCase
    | WrapCase
    | ExtendWrapUp
    | ParkCase
    | ResumeCase
    | ReopenCase
    | AddNote
    | ReadNotes
    | ReadHistory
    | ReadDay
    | PauseQueue
    | DrainQueue
    | ResumeQueue
    | DrainAgent
    | RequeueAgent
    | RaiseFlag
    | LowerFlag
    | AnswerFlag
    | SetStage
    | ReadConfig
    | ReadConfigVersions
    | ApplyConfig
    | RollbackConfig
    | ReadRoster
    | PutRoster
    | WatchWorkspace
    | UnwatchWorkspace
    | FindColleagues
    | SearchCases
    | ReadNames
    | WatchAgent
    | UnwatchAgent
    | ReadReport
    | ReadLife
    | WatchCounts
    | UnwatchCounts
)

VERBS: dict[str, type[CaseCommand]] = {
    "accept": AcceptCase,
    "decline": DeclineCase,
    "take": TakeCase,
    "return": ReturnCase,
    "transfer": TransferCase,
    "complete": CompleteCase,
    "cancel": CancelCase,
    "revoke": RevokeOffer,
    "abandon": AbandonCase,
    "assign": AssignCase,
    "wrap": WrapCase,
    "extend": ExtendWrapUp,
    "park": ParkCase,
    "resume": ResumeCase,
    "reopen": ReopenCase,
    "note": AddNote,
    "stage": SetStage,
}
"""The last word of `POST cases/{id}/{verb}` and the command it means."""

QUEUE_VERBS: dict[str, type[PauseQueue | DrainQueue | ResumeQueue]] = {
    "pause": PauseQueue,
    "drain": DrainQueue,
    "resume": ResumeQueue,
}
"""The last word of `POST queues/{id}/{verb}` and the command it means."""

AGENT_VERBS: dict[str, type[DrainAgent | RequeueAgent | AnswerFlag]] = {
    "drain": DrainAgent,
    "requeue": RequeueAgent,
    "answer_flag": AnswerFlag,
}
"""The same of `POST agents/{id}/{verb}`."""
