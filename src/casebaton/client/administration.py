"""What admins send about a workspace itself: its structure, and the people who work there."""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Raw, Struct

from casebaton.client.session import Session, given
from casebaton.errors import Finding
from casebaton.wire.messages import (
    ApplyConfig,
    EraseCustomer,
    PutRoster,
    ReadConfig,
    ReadConfigVersions,
    ReadRoster,
    RemoveAgent,
    RollbackConfig,
    SetAgent,
    SkillDates,
)
from casebaton.wire.surrogates import encode

Document = dict[str, Any]


class ConfigVersion(Struct, frozen=True, kw_only=True):
    """A configuration that came into force: when, by whom, and a digest of its document."""

    version: int
    at_ms: int
    actor: str
    digest: str


class Config(ConfigVersion, frozen=True, kw_only=True):
    """A version with its document, every default filled in; `toml` is empty where it was not asked for."""

    document: Document
    toml: str = ""


class _Erased(Struct):
    erased: int


class RosterOutcome(Struct, frozen=True, kw_only=True):
    """What became of an agent: `created`, `changed`, `unchanged`, `removed`, or `refused` with `code` and `detail`."""

    agent: str
    done: str
    code: str = ""
    detail: str = ""


class RosterPut(Struct, frozen=True, kw_only=True):
    """A result for each row, in order, then for each agent that left; and who gets no work now."""

    results: tuple[RosterOutcome, ...]
    warnings: tuple[Finding, ...] = ()


class ConfigApplied(Struct, frozen=True, kw_only=True):
    """What is in force now; `refused` are agents of the document that could not be made so."""

    version: int
    structure_changed: bool
    agents: int
    refused: tuple[RosterOutcome, ...] = ()
    warnings: tuple[Finding, ...] = ()


class ConfigChange(Struct, frozen=True, kw_only=True):
    """One thing that a document adds, changes or no longer names: its fields before and after, and whom it touches."""

    section: str
    name: str
    change: str
    fields: dict[str, tuple[Any, Any]] = {}
    waiting: int = 0
    agents: int = 0
    classes: int = 0


class ConfigEffect(Struct, frozen=True, kw_only=True):
    """What a document would do, upon `version`. `refusals` would keep it from doing anything. Of each list the first
    500 are told, and of those that are longer `untold` counts the rest.
    """

    version: int
    is_unchanged: bool
    structure: tuple[ConfigChange, ...]
    agents: dict[str, int]
    refusals: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    untold: dict[str, int] = {}


class _Versions(Struct):
    items: tuple[ConfigVersion, ...]


class _Roster(Struct):
    items: list[Document]


class Administration:
    """Part of the client; its commands raise what the client's do. A refused document has all its `faults`."""

    _session: Session

    async def config(self, version: int | None = None, *, toml: Literal["changed", "all"] | None = None) -> Config:
        """Read the configuration in force, or one of the last versions; with `toml` also as such a text, of what
        differs from its default or of all.
        """
        command = ReadConfig(id=self._session.command_id(), version=given(version), toml=given(toml))
        return (await self._session.command(command)).read(Config)

    async def config_versions(self) -> tuple[ConfigVersion, ...]:
        """Read which versions there are, newest first."""
        reply = await self._session.command(ReadConfigVersions(id=self._session.command_id()))
        return reply.read(_Versions).items

    async def apply_config(self, document: Document | str, *, previous: int | None = None) -> ConfigApplied:
        """Put a document in force, one that is a text as TOML; with `previous` only upon that
        version. It has to fit into one frame.
        """
        reply = await self._session.command(self._apply(document, previous, is_dry=False))
        return reply.read(ConfigApplied)

    async def preview_config(self, document: Document | str, *, previous: int | None = None) -> ConfigEffect:
        """Tell what applying the document would do."""
        reply = await self._session.command(self._apply(document, previous, is_dry=True))
        return reply.read(ConfigEffect)

    def _apply(self, document: Document | str, previous: int | None, *, is_dry: bool) -> ApplyConfig:
        text = Raw(encode(document))
        return ApplyConfig(id=self._session.command_id(), document=text, previous=given(previous), dry_run=is_dry)

    async def rollback_config(self, version: int, *, previous: int | None = None) -> ConfigApplied:
        """Put the document of one of the last versions in force anew; people stay as they are."""
        reply = await self._session.command(self._rollback(version, previous, is_dry=False))
        return reply.read(ConfigApplied)

    async def preview_rollback(self, version: int, *, previous: int | None = None) -> ConfigEffect:
        """Tell what bringing the version back would do."""
        reply = await self._session.command(self._rollback(version, previous, is_dry=True))
        return reply.read(ConfigEffect)

    def _rollback(self, version: int, previous: int | None, *, is_dry: bool) -> RollbackConfig:
        return RollbackConfig(id=self._session.command_id(), version=version, previous=given(previous), dry_run=is_dry)

    async def roster(self) -> list[Document]:
        """Read who works here, as rows that `put_roster` takes."""
        reply = await self._session.command(ReadRoster(id=self._session.command_id()))
        return reply.read(_Roster).items

    async def put_roster(
        self, rows: Sequence[Document], *, remove_missing: bool = False, dry_run: bool = False
    ) -> RosterPut:
        """Create and change the agents that the rows name; what a row does not name stays. With `remove_missing` agents
        that no row names leave.
        """
        command = PutRoster(
            id=self._session.command_id(),
            rows=Raw(encode(rows)),
            remove_missing=remove_missing,
            dry_run=dry_run,
        )
        return (await self._session.command(command)).read(RosterPut)

    async def set_agent(
        self,
        agent: str,
        *,
        capacity: int | None = None,
        interruptible_capacity: int | None = None,
        queues: list[str] | None = None,
        skills: dict[str, int] | None = None,
        skill_dates: dict[str, SkillDates] | None = None,
        tiers: dict[str, int] | None = None,
        auto_accept: bool | None = None,
        status: str | None = None,
        limits: dict[str, int] | None = None,
        ring_factor: int | None = None,
    ) -> None:
        """Change an agent; what is None stays. Skills come with their dates."""
        command = SetAgent(
            id=self._session.command_id(),
            agent=agent,
            capacity=given(capacity),
            interruptible_capacity=given(interruptible_capacity),
            queues=given(queues),
            skills=given(skills),
            skill_dates=skill_dates or {},
            tiers=given(tiers),
            auto_accept=given(auto_accept),
            status=given(status),
            limits=given(limits),
            ring_factor=given(ring_factor),
        )
        await self._session.command(command)

    async def erase_customer(self, customer: str) -> int:
        """Erase what is said of a customer: of so many live cases at once, of ended ones by the history soon."""
        command = EraseCustomer(id=self._session.command_id(), customer=customer)
        return (await self._session.command(command)).read(_Erased).erased

    async def remove_agent(self, agent: str) -> None:
        """Let an agent leave for good; raises `CommandRefused` while it has anything in hand."""
        await self._session.command(RemoveAgent(id=self._session.command_id(), agent=agent))
