"""Commands on the configuration and the roster: admins change, supervisors read and try out."""

from typing import Literal

from msgspec import UNSET, Raw, UnsetType

from casebaton.wire.messages.base import CommandMessage
from casebaton.wire.words import Id, Name, Version


class EraseCustomer(CommandMessage, tag="erase_customer"):
    """What is said of a customer goes: card, data and notes of all its cases, here and in the history. The figures
    stay.
    """

    customer: Name


class RemoveAgent(CommandMessage, tag="remove_agent"):
    """An agent who holds nothing leaves the workspace."""

    agent: Id


class ReadConfig(CommandMessage, tag="read_config"):
    """Answered with the document in force, or with that of one of the last versions; with `toml` also as such a text,
    of what differs from its default or of all.
    """

    version: Version | UnsetType = UNSET
    toml: Literal["changed", "all"] | UnsetType = UNSET


class ReadConfigVersions(CommandMessage, tag="read_config_versions"):
    """Answered with the last versions, newest first, without their documents."""


class ConfigCommand(CommandMessage, kw_only=True):
    """Puts a document in force, with `previous` only upon that version; with `dry_run` it tells what that would do."""

    previous: Version | UnsetType = UNSET
    dry_run: bool = False


class ApplyConfig(ConfigCommand, tag="apply_config", kw_only=True):
    """Another document takes the place of the one in force; one that is a text is TOML."""

    document: Raw


class RollbackConfig(ConfigCommand, tag="rollback_config", kw_only=True):
    """One of the last versions comes into force anew."""

    version: Version


class ReadRoster(CommandMessage, tag="read_roster"):
    """Answered with everybody who works in the workspace."""


class PutRoster(CommandMessage, tag="put_roster", kw_only=True):
    """Rows create and change the agents that they name; with `remove_missing` the others leave."""

    rows: Raw
    remove_missing: bool = False
    dry_run: bool = False
