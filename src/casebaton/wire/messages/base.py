"""What all commands have in common, and those on a case."""

from casebaton.wire.words import Baton, CommandId, Id, Message


class CommandMessage(Message):
    """A command; `id` is unique per actor, and the same id again has no second effect."""

    id: CommandId


class CaseCommand(CommandMessage):
    """A command on one case that shows the baton its sender saw."""

    case: Id
    baton: Baton
