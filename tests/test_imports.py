"""Layers only look down: who may import whom, held over the syntax tree."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src" / "casebaton"
# Each package or module of casebaton, and what else of casebaton it may import; the higher stands above the lower.
ALLOWED: dict[str, set[str]] = {
    "cli": {
        *("node", "http", "reports", "service", "demo", "replay", "audit", "history", "store"),
        *("workspace", "auth", "settings", "wire", "children", "logs", "tasks", "errors"),
    },
    "demo": {"replay", "client", "workspace", "auth", "errors"},
    "replay": {"client", "workspace", "auth", "wire", "errors"},
    "node": {"http", "reports", "service", "store", "auth", "settings", "wire", "children", "tasks", "errors"},
    "http": {"service", "reports", "store", "workspace", "auth", "settings", "wire", "tasks", "errors"},
    "service": {"store", "workspace", "auth", "wire", "errors"},
    "audit": {"store", "errors"},
    "reports": {"history", "workspace", "settings", "logs", "errors"},
    "history": {"store", "workspace", "settings", "children", "logs", "tasks", "data_dir", "errors"},
    "store": {"workspace", "settings", "store_url", "tasks", "data_dir", "errors"},
    "client": {"wire", "errors"},
    "workspace": {"wire", "errors"},
    "auth": {"wire", "data_dir", "errors"},
    "children": {"settings", "logs", "tasks"},
    "settings": {"store_url", "errors"},
    "store_url": set(),
    "wire": {"errors"},
    "tasks": set(),
    "logs": set(),
    "data_dir": set(),
    "errors": set(),
}
# Packages of others that only some of ours may name; `client` has its own short list below.
ONLY_IN = {
    "redis": {"store"},
    "starlette": {"node", "http"},
    "uvicorn": {"node"},
    "click": {"cli"},
    "joserfc": {"auth"},
    "sqlalchemy": {"history", "reports", "cli"},
    "alembic": {"history"},
    "websockets": {"client", "node"},
}
FOR_CLIENTS = {"msgspec", "websockets"}


def owner(path: Path) -> str:
    """The package or module of casebaton that a file belongs to."""
    return path.relative_to(SOURCES).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The full names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(path for path in SOURCES.rglob("*.py") if path != SOURCES / "__init__.py")
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCES)))


@each_file
def test_a_file_imports_only_what_its_layer_may(path: Path) -> None:
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("casebaton.")}
    assert ours - {owner(path), "__version__"} <= ALLOWED[owner(path)]


@each_file
def test_a_file_names_only_the_packages_of_others_that_are_meant_for_it(path: Path) -> None:
    others = {name.split(".")[0] for name in imports(path)} - {"casebaton"} - sys.stdlib_module_names
    assert not {name for name in others if owner(path) not in ONLY_IN.get(name, {owner(path)})}
    if owner(path) in ("client", "wire"):
        assert others <= FOR_CLIENTS


def test_the_layers_have_no_circle_and_each_package_its_row() -> None:
    TopologicalSorter(ALLOWED).prepare()
    assert {owner(path) for path in FILES} == ALLOWED.keys()
    assert "store" not in ALLOWED["wire"]
    assert "wire" not in ALLOWED["store"]


def test_only_the_store_names_a_key() -> None:
    prefixes = ('"{%s}', "f'{{", '"{" +', "casebaton:workspaces")
    named = [path for path in FILES if owner(path) != "store" and any(p in path.read_text() for p in prefixes)]
    assert not named
