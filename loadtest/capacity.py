"""What a centre of a given size needs, by arithmetic from measured costs.

The costs stand here once. `docs/capacity.md` shows them and says how each is measured; a test holds both together.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

MEASURED = "25 November 2026, 2 shared and busy cores (AMD EPYC, Linux x86_64), Python 3.11.7, Valkey 9.1.2"
FULL = 0.5  # of a core: a node or a store that is busier on average has no room for its peaks
MOST_CLIENTS = 10_000  # of a node: so many are back within some 20 s when another is lost
KEPT_ENTRIES = 200_000  # of a workspace's log (`keep_log_entries`)
ENTRIES = 4  # of a life: queued, offered, accepted, closed
HEADROOM = 1.5  # memory of a store: fragments, and what is written while the journal is rewritten


class Cost(Struct, frozen=True):
    """One measured cost; `by` is what measures it."""

    value: float
    unit: str
    says: str
    by: str


COSTS = {
    "node_life": Cost(250, "µs", "a node, for a whole life over sockets", "`run saturation`"),
    "node_status": Cost(380, "µs", "a node, for a change of status", "`figure dashboard`"),
    "node_connection": Cost(5, "µs/s", "a node, for a connected agent who does nothing", "`run idle`"),
    "node_entry": Cost(
        10, "µs", "each node, for an entry of the log that none of its clients hears of", "`figure fanout`"
    ),
    "node_fold": Cost(3.2, "µs", "each node on which a supervisor watches, for an entry", "`figure views --long`"),
    "node_trim": Cost(16, "µs", "one node, for an entry that is folded and trimmed", "`run saturation`"),
    "node_change": Cost(
        0.62, "µs", "a node, for a change of any agent, by scope that is watched", "`figure views --long`"
    ),
    "node_connect": Cost(1500, "µs", "a node, for an agent who comes back after its socket was lost", "`run storm`"),
    "node_memory": Cost(57, "MiB", "a node's memory with nobody there", "`run idle`"),
    "connection_memory": Cost(34, "KiB", "a node's memory for a connection", "`run idle`"),
    "view_memory": Cost(1.4, "KiB", "a watched-on node's memory for an agent on the roster", "`figure views --long`"),
    "life_bytes": Cost(3600, "B", "between nodes and clients, for a life", "`run spread.toml`"),
    "change_bytes": Cost(322, "B", "to a supervisor, for a change of an agent in its scope", "`figure views --long`"),
    "store_life": Cost(315, "µs", "the store, for a whole life, journal included", "`run saturation`"),
    "store_status": Cost(340, "µs", "the store, for a change of status, journal included", "`figure dashboard`"),
    "store_reader": Cost(5, "µs", "the store, for a life, for each further node that reads the log", "`figure fanout`"),
    "agent_memory": Cost(0.83, "KiB", "the store's memory for an agent on the roster", "`figure scale`"),
    "present_memory": Cost(0.82, "KiB", "… for one who is connected", "`figure scale`"),
    "commands_memory": Cost(46, "KiB", "… for the commands of one who works, remembered", "`figure scale --long`"),
    "waiting_memory": Cost(0.57, "KiB", "… for a waiting case", "`figure scale`"),
    "closed_memory": Cost(0.53, "KiB", "… for a closed case, as long as it can be reopened", "`figure scale`"),
    "fact_memory": Cost(0.38, "KiB", "… for a live case or an agent in the checkpoint", "`figure scale --long`"),
    "entry_memory": Cost(0.52, "KiB", "… for an entry of the log", "`figure scale --long`"),
    "life_journal": Cost(6200, "B", "written to the journal for a life", "`run saturation`"),
}
"""The table of the documentation."""


def cost(name: str) -> float:
    """A cost in seconds or bytes."""
    found = COSTS[name]
    return found.value * {"µs": 1e-6, "µs/s": 1e-6, "MiB": 1024**2, "KiB": 1024, "B": 1}[found.unit]


class Centre(Struct, frozen=True, kw_only=True):
    """A centre, and what is assumed of it. Of the roster `connected` are there at once; each completes `cases_per_hour`
    on average, for `hours` a day, and at the peak `peak` times as many. Of a connected agent there are `in_hand` cases
    and `waiting` ones. Each supervisor watches a team of connected agents. Closed cases are kept for `kept_days`.
    """

    agents: int
    cases_per_hour: float = 6.0
    connected: float = 0.4
    hours: float = 10.0
    peak: float = 2.0
    statuses_per_hour: float = 6.0
    in_hand: float = 2.0
    waiting: float = 1.0
    team: int = 20
    kept_days: float = 7.0

    @property
    def present(self) -> float:
        """Agents who are connected."""
        return self.agents * self.connected

    @property
    def lives_per_s(self) -> float:
        """Cases at the peak."""
        return self.present * self.cases_per_hour / 3600 * self.peak

    @property
    def statuses_per_s(self) -> float:
        """Changes of status at the peak."""
        return self.present * self.statuses_per_hour / 3600 * self.peak

    @property
    def entries_per_s(self) -> float:
        """The log's, at the peak."""
        return self.lives_per_s * ENTRIES + self.statuses_per_s

    @property
    def cases_per_day(self) -> float:
        """Cases of a day."""
        return self.present * self.cases_per_hour * self.hours

    @property
    def supervisors(self) -> float:
        """All of them watch."""
        return self.present / self.team

    @property
    def changes_per_s(self) -> float:
        """Changes of any agent that a view tells of, at the peak: it gets a case, works on it, has done with it."""
        return 3 * self.lives_per_s + self.statuses_per_s


class Need(Struct, frozen=True):
    """What it takes at the peak, memory and traffic in bytes. `shard_core` is the share of a core that the workspace's
    shard uses, `node_core` the share that each node uses for the log alone, whoever its clients are. Without `nodes` no
    number of them is enough, and the shard's share is with one. For `taking_over_s` the others are busy with clients of
    one that was lost.
    """

    nodes: int | None
    node_cores: float
    node_core: float
    node_memory: float
    taking_over_s: float
    shard_core: float
    shard_memory: float
    journal_per_day: float
    network_per_s: float


def need(centre: Centre) -> Need:
    """Processor time in cores, memory in bytes."""
    each = centre.entries_per_s * (cost("node_entry") + cost("node_fold"))
    views = centre.supervisors * centre.changes_per_s * cost("node_change")
    shared = (
        centre.lives_per_s * cost("node_life")
        + centre.statuses_per_s * cost("node_status")
        + centre.present * cost("node_connection")
        + centre.entries_per_s * cost("node_trim")
        + views
    )
    nodes = None
    if each < FULL:
        nodes = 1 + max(math.ceil(shared / (FULL - each)), math.ceil(centre.present / MOST_CLIENTS))
    count = nodes or 1
    of_a_node = cost("node_memory") + centre.agents * cost("view_memory")
    return Need(
        nodes=nodes,
        node_cores=shared + count * each,
        node_core=each,
        node_memory=of_a_node + centre.present / max(1, count - 1) * cost("connection_memory"),
        taking_over_s=centre.present / count * cost("node_connect") / max(1, count - 1),
        shard_core=centre.lives_per_s * (cost("store_life") + (count - 1) * cost("store_reader"))
        + centre.statuses_per_s * cost("store_status"),
        shard_memory=HEADROOM * sum(shard_memory(centre).values()),
        journal_per_day=centre.cases_per_day * cost("life_journal"),
        network_per_s=centre.lives_per_s * cost("life_bytes")
        + centre.changes_per_s * cost("change_bytes"),  # each change concerns one team
    )


def shard_memory(centre: Centre) -> dict[str, float]:
    """What a workspace keeps, in bytes."""
    live = centre.present * (centre.in_hand + centre.waiting)
    return {
        "agents": centre.agents * (cost("agent_memory") + cost("fact_memory"))
        + centre.present * cost("present_memory"),
        "remembered commands": centre.present * cost("commands_memory"),
        "live cases": live * (cost("waiting_memory") + cost("fact_memory")),
        "closed cases": centre.cases_per_day * centre.kept_days * cost("closed_memory"),
        "log": KEPT_ENTRIES * cost("entry_memory"),
    }


# -- what is told of it ----------------------------------------------------------------------------------------------


def costs_table() -> str:
    """The costs, as Markdown."""
    lines = ["| | | of what | measured by |", "| --- | --- | --- | --- |"]
    lines += [f"| `{name}` | {one.value:g} {one.unit} | {one.says} | {one.by} |" for name, one in COSTS.items()]
    return "\n".join(lines)


def plan_table(centres: Sequence[Centre]) -> str:
    """What each needs, a column each, as Markdown."""
    columns = [_told(centre) for centre in centres]
    lines = ["| agents |" + "".join(f" {centre.agents:,} |" for centre in centres), "| --- |" + " --- |" * len(centres)]
    lines += [f"| {name} |" + "".join(f" {column[name]} |" for column in columns) for name in columns[0]]
    return "\n".join(lines)


def _told(centre: Centre) -> dict[str, str]:
    found, kept = need(centre), shard_memory(centre)
    return {
        "connected, supervisors": f"{centre.present:,.0f}, {centre.supervisors:,.0f}",
        "cases a second at the peak": f"{centre.lives_per_s:,.1f}",
        "cases a day": f"{centre.cases_per_day:,.0f}",
        "store, of one core": _core(found.shard_core),
        "store's memory": _bytes(found.shard_memory),
        **{f"… {name}": _bytes(size) for name, size in kept.items()},
        "journal a day": _bytes(found.journal_per_day),
        "nodes, of one core each": "no number is enough" if found.nodes is None else f"{found.nodes:,}",
        "nodes' work, in cores": "" if found.nodes is None else f"{found.node_cores:,.2f}",
        "… of each for the log alone": _core(found.node_core),
        "memory of a node": "" if found.nodes is None else _bytes(found.node_memory),
        "to take a lost node's clients": "" if found.nodes is None else f"{found.taking_over_s:.2g} s",
        "network to clients": _bytes(found.network_per_s) + "/s",
    }


def _core(share: float) -> str:
    return f"{share * 100:,.2g} %" if share < 1 else f"**{share * 100:,.0f} %**"


def _bytes(size: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:,.3g} {unit}"
        size /= 1024
    return f"{size:,.3g} TiB" if size < 1024 else f"{size / 1024:,.3g} PiB"
