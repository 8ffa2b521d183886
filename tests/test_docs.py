"""What the README and the reference pages say is held to the code."""

import ast
import json
import re
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import pytest
from msgspec import NODEFAULT, UNSET, Struct

from casebaton.settings import Settings
from casebaton.workspace.document import CAPACITY, INTERRUPTIBLE_CAPACITY, Agent, Document
from casebaton.workspace.faults import bare

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()


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


# -- the document ----------------------------------------------------------------------------------------------------


def _tables(name: str, shape: Any) -> dict[str, type[Struct]]:
    """The structs below a name of the document, by the headings of their tables."""
    shape = bare(shape)
    if get_origin(shape) is dict:
        return _tables(f"{name}.ID", get_args(shape)[1])
    heading = f"[[{name}]]" if get_origin(shape) is list else f"[{name}]"
    of = bare(get_args(shape)[0]) if get_origin(shape) is list else shape
    if not (isinstance(of, type) and issubclass(of, Struct)):
        return {}
    inner = {} if of is Agent else {field.name: field.type for field in msgspec.structs.fields(of)}
    found = {heading: of}
    for field, type_ in inner.items():
        found |= _tables(f"{name}.{field}", type_)
    return found


TABLES = {
    heading: of for field in msgspec.structs.fields(Document) for heading, of in _tables(field.name, field.type).items()
}


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    if field.default is UNSET:
        return "stays"
    value = field.default_factory() if field.default is NODEFAULT else field.default
    if value is None or value in ({}, [], ()):
        return "none"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def test_the_reference_names_every_section_of_the_document() -> None:
    headings = set(re.findall(r"^### `(.+)`$", CONFIGURATION, re.MULTILINE))
    plain = {field.name for field in msgspec.structs.fields(Document) if not _tables(field.name, field.type)}
    assert headings == TABLES.keys() | plain


@pytest.mark.parametrize("heading", TABLES)
def test_the_reference_lists_every_field_with_its_default(heading: str) -> None:
    part = CONFIGURATION.partition(f"### `{heading}`\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \| .+ \|$", part, re.MULTILINE)
    assert rows == [(field.name, _default(field)) for field in msgspec.structs.fields(TABLES[heading])]


def test_the_reference_says_what_a_new_agent_begins_with() -> None:
    assert f"with capacity {CAPACITY} ({INTERRUPTIBLE_CAPACITY} of it" in CONFIGURATION
