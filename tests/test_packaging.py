import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
WEB_FILES = ("agent.html", "supervisor.html", "index.html", "sw.js", "manifest.webmanifest")
PROJECT = (ROOT / "pyproject.toml").read_text()
LOCKS = ("requirements.txt", "requirements-node.txt", "requirements-peers.txt")


def declared() -> list[Requirement]:
    project = tomllib.loads(PROJECT)["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(line) for line in (*project["dependencies"], *(line for extra in extras for line in extra))]


def declared_for_peers() -> list[Requirement]:
    return [Requirement(line) for line in tomllib.loads(PROJECT)["dependency-groups"]["peers"]]


def locked(lock: str) -> dict[str, tuple[str, str]]:
    """The pinned packages: name → (version, everything up to the next package)."""
    entries = re.findall(r"^([\w.-]+)==(\S+)(.*(?:\n .*)*)", (ROOT / lock).read_text(), re.MULTILINE)
    return {canonicalize_name(name): (version, rest) for name, version, rest in entries}


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_line_is_a_pinned_package_a_hash_or_a_remark(lock: str) -> None:
    allowed = re.compile(r"[\w.-]+==[\w.]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    #.*")
    odd = [line for line in (ROOT / lock).read_text().splitlines() if not allowed.fullmatch(line)]
    assert odd == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_host_or_a_path(lock: str) -> None:
    assert not re.search(r"://|file:|--(extra-)?index-url|--find-links| @ |[ =]/", (ROOT / lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_has_a_hash(lock: str) -> None:
    assert locked(lock)
    assert [name for name, (_, rest) in locked(lock).items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize(
    ("lock", "asked"), [("requirements.txt", declared()), ("requirements-peers.txt", declared_for_peers())]
)
def test_the_lock_satisfies_each_declared_dependency(lock: str, asked: list[Requirement]) -> None:
    pins = locked(lock)
    wrong = [
        str(needed)
        for needed in asked
        if canonicalize_name(needed.name) not in pins
        or not needed.specifier.contains(pins[canonicalize_name(needed.name)][0])
    ]
    assert wrong == []


def test_each_declared_dependency_says_what_it_is_for() -> None:
    justified = re.findall(r'^  "([^"]*>=[^"]*)",\s+# \S.{10,}$', PROJECT, re.MULTILINE)
    assert sorted(map(str, declared() + declared_for_peers())) == sorted(str(Requirement(line)) for line in justified)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the wheel is built from, without the built web page."""
    copy = tmp_path / "checkout"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("_web", "__pycache__"))
    shutil.copytree(ROOT / "tools", copy / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy)
    return copy


def build_wheel(checkout: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def test_a_wheel_without_the_web_page_is_refused(checkout: Path) -> None:
    built = build_wheel(checkout)
    assert built.returncode != 0
    assert "agent.html is missing: run `make setup`" in built.stderr
    assert not list(checkout.glob("dist/*.whl"))


def test_a_wheel_carries_the_web_page_the_scripts_and_the_types(checkout: Path) -> None:
    web = checkout / "src/casebaton/_web"
    web.mkdir()
    for name in WEB_FILES:
        (web / name).write_text("anything")
    built = build_wheel(checkout)
    assert built.returncode == 0, built.stderr
    (wheel,) = checkout.glob("dist/*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    scripts = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src/casebaton/store/lua").rglob("*.lua")}
    assert scripts
    assert names >= scripts | {
        *(f"casebaton/_web/{name}" for name in WEB_FILES),
        "casebaton/py.typed",
        "casebaton/store/embedded.py",
    }
    assert not [name for name in names if not name.startswith("casebaton")]
