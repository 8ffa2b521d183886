"""Key names that Python needs too; the engine's own are in `lua/parts/keys.lua`."""

REGISTRY = "casebaton:workspaces"  # SET of names; not tagged: it belongs to no workspace
NODES = "casebaton:nodes"  # ZSET node -> last seen (Unix seconds), for sharing timers' work, never for correctness

HEALTH = "casebaton:health"  # HASH node -> how it is, as JSON; what is silent for a minute is struck off
LIBRARIES = "casebaton:libraries"  # ZSET function library -> last said to be in use (Unix seconds)


def key(workspace: str, tail: str) -> str:
    """A workspace's key. The hash tag keeps all keys of a workspace in one slot."""
    return "{" + workspace + "}:" + tail


def log_key(workspace: str) -> str:
    """The log. Every call of the engine carries this key, so that a cluster routes by it."""
    return key(workspace, "log")
