"""The built pages: how much each loads before it can draw, and that they name nothing that is not there."""

import gzip
import re
from pathlib import Path

import pytest

from casebaton.http.pages import FILES, WEB

BUDGETS = {"agent.html": 35 * 1024, "supervisor.html": 80 * 1024}  # of script, packed by gzip, without late parts
LOADED_AT_ONCE = re.compile(r'(?:<script type="module" src|<link rel="modulepreload" href)="/assets/([^"]+)"')
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w-]+\.js)"')

pytestmark = pytest.mark.skipif(
    not (WEB / "sw.js").exists(), reason="the pages are not built: `make setup` builds them"
)


def loaded(page: str) -> list[str]:
    """The scripts that a page's HTML names."""
    return LOADED_AT_ONCE.findall((WEB / page).read_text())


@pytest.mark.parametrize(("page", "budget"), BUDGETS.items())
def test_a_page_loads_no_more_script_than_its_budget(page: str, budget: int) -> None:
    scripts = loaded(page)
    assert scripts
    assert sum(len(gzip.compress((WEB / name).read_bytes(), 9)) for name in scripts) <= budget


@pytest.mark.parametrize("page", BUDGETS)
def test_whatever_a_script_imports_at_once_is_loaded_beside_it(page: str) -> None:
    scripts = loaded(page)
    imported = {name for script in scripts for name in IMPORTED.findall((WEB / script).read_text())}
    assert imported <= set(scripts)


@pytest.mark.parametrize("page", [name for name, kind in FILES.values() if kind == "text/html"])
def test_a_page_names_only_what_is_there_and_runs_nothing_of_its_own(page: str) -> None:
    html = (WEB / page).read_text()
    addresses = re.findall(r'(?:src|href)="(/[^"]*)"', html)
    assert addresses
    for address in addresses:
        known = address in FILES or (WEB / Path(address).name).is_file()
        assert known, address
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)


def test_packed_files_are_what_they_were_made_of() -> None:
    packed = list(WEB.glob("*.gz"))
    assert len(packed) >= 8
    for path in packed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()
        assert path.with_suffix(".br").is_file()


@pytest.mark.parametrize(("page", "alien"), [("agent.html", "watch_workspace"), ("supervisor.html", "accept_case")])
def test_a_page_carries_nothing_of_the_roles_that_it_is_not_for(page: str, alien: str) -> None:
    assert not any(alien in (WEB / name).read_text() for name in loaded(page))
