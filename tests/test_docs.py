"""What the README says is held to the code."""

import ast
import re
from pathlib import Path

from casebaton.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def _written(value: object) -> str:
    if value in ("", []):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_the_settings_table_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) ?\| .+ \|$", README.partition("## Settings")[2], re.MULTILINE)
    defaults = Settings()
    assert rows == [(name, _written(getattr(defaults, name))) for name in Settings.__struct_fields__]


def test_the_client_in_the_readme_is_python_and_short() -> None:
    code = README.partition("```python\n")[2].partition("```")[0]
    ast.parse(code)
    assert len(code.splitlines()) <= 25


def test_every_file_that_the_docs_link_to_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
