"""The end of every scenario: the log, and the store, are held against what the clients were told."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from msgspec import Struct

from casebaton import audit
from casebaton.store import log
from casebaton.store.client import StoreClient
from casebaton.store.log import Entry
from casebaton.workspace.document import Settings
from loadtest.generator.job import evidence_file
from loadtest.generator.recorder import Evidence
from loadtest.harness.custody import Custody, Found, read
from loadtest.journal import Asked, Journal, Verdict
from loadtest.process import Site
from loadtest.scenario import Scenario


class Verification(Struct):
    """What was found. `violations` is the audit's count; `told` what the clients were told how often."""

    verdict: Verdict
    found: Found
    violations: int
    first_violations: list[str]
    acknowledged: int
    told: Counter[str]


class LogTrimmed(Exception):
    """The log no longer begins with its first entry: the scenario has to keep more of it (`keep_log_entries`)."""


def read_evidence(scenario: Scenario, directory: Path) -> tuple[Journal, set[str]]:
    """What all generators' clients asked and were told, and the batons of the offers that they saw."""
    journal, seen = Journal(), set[str]()
    for number in range(scenario.site.generators + (scenario.backlog > 0)):
        evidence = msgspec.json.decode((directory / evidence_file(number)).read_bytes(), type=Evidence)
        seen |= evidence.seen
        for kind, case, baton, told in evidence.rows:
            journal.note(Asked(kind, case, baton), told)
    return journal, seen


async def verify(scenario: Scenario, site: Site, directory: Path) -> Verification:
    """Read every log from its first entry, then audit every workspace. Raises LogTrimmed."""
    journal, seen = read_evidence(scenario, directory)
    custody = Custody(seen, grace_ms=round(Settings().grace_s * 1000), ring_ms=round(scenario.channel.ring_s * 1000))
    async with site.store() as store:
        verdict = await journal.judge(_watched(store, scenario.workspaces, custody))
        reports = [await audit.check(store, workspace) for workspace in scenario.workspaces]
    return Verification(
        verdict=verdict,
        found=custody.end(),
        violations=sum(report.violation_count for report in reports),
        first_violations=[f"{report.workspace}: {one}" for report in reports for one in report.violations][:20],
        acknowledged=len(journal.acknowledged("submit")),
        told=Counter({str(told): count for told, count in journal.told.items()}),
    )


async def _watched(store: StoreClient, workspaces: list[str], custody: Custody) -> AsyncIterator[Entry]:
    """All logs, one after another, as custody sees them, too."""
    for workspace in workspaces:
        last_seq = 0
        async for entry in log.read_after(store.redis, workspace, "0-0"):
            if entry.seq != last_seq + 1:
                raise LogTrimmed(f"entry {entry.seq} of {workspace} follows {last_seq}")
            last_seq = entry.seq
            custody.see(read(entry.body))
            yield entry
