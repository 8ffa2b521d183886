"""Finds every fault in a document's shape, each with its JSON path. msgspec by itself stops at the first."""

import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, UnsetType

from casebaton.errors import Finding
from casebaton.wire.words import in_words

_SHOWN = 100  # letters of a name
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def shown(name: str) -> str:
    """A name as a fault tells it. Whoever sends one of a megabyte does not get it back with each of its members."""
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


def step(path: str, key: str) -> str:
    """The path of a member."""
    key = shown(key)
    return f"{path}.{key}" if _PLAIN.fullmatch(key) else f"{path}[{msgspec.json.encode(key).decode()}]"


def faults_of(value: Any, shape: Any, path: str = "$") -> Iterator[Finding]:
    """What keeps a value, as TOML or JSON gave it, from having this shape; nothing when nothing does.

    A container's members are looked at one by one; what else is wrong with it (its length, say) is asked only when
    they are good.
    """
    is_faulty = False
    for fault in _in_members(value, bare(shape), path):
        is_faulty = True
        yield fault
    if not is_faulty:
        yield from _in_whole(value, shape, path)


def bare(shape: Any) -> Any:
    """The shape without constraints, and without being left out."""
    while get_origin(shape) in (Annotated, Union, UnionType):
        kinds = [kind for kind in get_args(shape) if kind is not UnsetType]
        if get_origin(shape) is not Annotated and len(kinds) > 1:
            return shape
        shape = kinds[0]
    return shape


def _in_members(value: Any, shape: Any, path: str) -> Iterator[Finding]:
    if isinstance(shape, type) and issubclass(shape, Struct) and isinstance(value, dict):
        yield from _in_fields(value, shape, path)
    elif get_origin(shape) is dict and isinstance(value, dict):
        key_shape, member_shape = get_args(shape)
        for key, member in value.items():
            yield from _in_whole(key, key_shape, step(path, key))
            yield from faults_of(member, member_shape, step(path, key))
    elif get_origin(shape) is list and isinstance(value, list):
        for i, member in enumerate(value):
            yield from faults_of(member, get_args(shape)[0], f"{path}[{i}]")


def _in_fields(value: dict[str, Any], shape: type[Struct], path: str) -> Iterator[Finding]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for key, member in value.items():
        if key in fields:
            yield from faults_of(member, fields[key].type, step(path, key))
        else:
            yield Finding(step(path, key), f"unknown field `{shown(key)}`: there are {', '.join(fields)}")
    for name, field in fields.items():
        if field.required and name not in value:
            yield Finding(path, f"missing required field `{name}`")


def _in_whole(value: Any, shape: Any, path: str) -> Iterator[Finding]:
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        reason, _, at = str(error).rpartition(" - at ")
        if reason:
            yield Finding(path + at.strip("`").removeprefix("$"), in_words(reason))
        else:
            yield Finding(path, _in_words(str(error), shape))


def _in_words(said: str, shape: Any) -> str:
    """What msgspec says, with the values of an enum, and with words for a pattern that has them."""
    if get_origin(bare(shape)) is Literal:
        return f"Expected {' or '.join(msgspec.json.encode(value).decode() for value in get_args(bare(shape)))}"
    words = [meta.description for meta in get_args(shape) if isinstance(meta, Meta) and meta.description]
    return f"Expected {words[0]}" if words and "matching regex" in said else in_words(said)
