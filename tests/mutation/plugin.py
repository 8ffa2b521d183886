"""A pytest plugin: the whole run works on the engine with one check left out, the one that `MUTANT` names.

Only what is loaded into the store differs; the Lua files, and what tests read of them, stay as they are.
"""

import os

import msgspec

from casebaton.store import library
from tests.mutation.mutants import files, mutants

VARIABLE = "MUTANT"


def built_without(name: str) -> library.Library:
    """The library with that check left out."""
    (mutant,) = [mutant for mutant in mutants() if mutant.name == name]
    text, built = files()[mutant.file], library.build()
    assert built.code.count(text) == 1
    return msgspec.structs.replace(built, code=built.code.replace(text, mutant.of(text)))


if name := os.environ.get(VARIABLE):
    _mutated = built_without(name)
    library.build = lambda: _mutated  # type: ignore[assignment]
