"""Write the web SDK's types from the structs that the server and the Python client read and write.

`python tools/web_types.py` writes the file; with `--check` it only tells whether it is as it would be written.
"""

import re
import sys
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Meta, Raw, Struct, UnsetType
from msgspec.structs import FieldInfo

from casebaton import auth
from casebaton import errors as root
from casebaton.client import administration, board, events, people, state, why
from casebaton.wire import channels, frames, words
from casebaton.wire import messages as m

TYPES = Path(__file__).parents[1] / "web" / "src" / "sdk" / "types.ts"

HEAD = """// Written by tools/web_types.py from the server's structs. Do not edit: change those, then run it.
"""

# What is sent out with every field: those that the server leaves out at their default are filled in, see `filled`.
FILLED: tuple[type[Struct], ...] = (
    state.Case,
    state.AgentState,
    state.AgentOverview,
    state.QueueOverview,
    state.QueueSummary,
    why.Why,
    administration.RosterPut,
    administration.ConfigApplied,
    administration.ConfigEffect,
    board.Minute,
)
VIEWS: tuple[type[Struct], ...] = (
    state.Card,
    state.Window,
    state.Case,
    state.AgentState,
    state.AgentOverview,
    state.Pause,
    state.QueueOverview,
    state.QueueSummary,
    state.QueuePage,
    state.Counts,
    state.CaseBrief,
    state.Note,
    state.Flag,
    state.StatusChoice,
    channels.ChannelSummary,
    state.Snapshot,
    state.FinishedCase,
    state.Day,
    root.Finding,
    why.Candidate,
    why.Change,
    why.Decision,
    why.Stay,
    why.Why,
    administration.ConfigVersion,
    administration.Config,
    administration.RosterOutcome,
    administration.RosterPut,
    administration.ConfigApplied,
    administration.ConfigChange,
    administration.ConfigEffect,
    board.Minute,
    board.Alert,
    board.NodeHealth,
    board.ServerHealth,
    board.SystemHealth,
    people.Colleague,
    people.Colleagues,
    people.FoundCases,
    people.Named,
)
FRAMES: tuple[type[Struct], ...] = (frames.Hello, frames.Limits, frames.Welcome, frames.Draining, events.Fault)
EVENTS: tuple[type[Struct], ...] = (events.Held, events.Match, events.Changes)
PARTS: tuple[type[Struct], ...] = (m.AdditionalSkill, m.SkillDates)
NODE_FRAMES = {"reply", "draining"}  # known types that are no events
# What is never left out although its struct has a default, which is for the other roles, or for frames of another kind.
ALWAYS: dict[type[Struct], tuple[str, ...]] = {
    state.Card: ("subject",),
    state.CaseBrief: ("case", "state", "owner", "baton", "revision"),
    state.Snapshot: ("at_ms", "agent", "offers", "desk", "queues", "statuses", "channels"),
    events.Fault: ("detail", "retryable"),
    events.Event: ("type", "seq", "position"),
}

# Where TypeScript says it otherwise: in a command an empty window is none at all.
ALSO: dict[Any, str] = {m.Window: "Partial<Window>"}
PLAIN: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    Any: "unknown",
    Raw: "unknown",
    NoneType: "null",
}


def words_of(alias: Any) -> tuple[str, ...]:
    """The words that an alias of `wire/words.py` stands for; empty for one that stands for any text or number."""
    if get_origin(alias) is Literal:
        return get_args(alias)
    for note in getattr(alias, "__metadata__", ()):
        if isinstance(note, Meta) and note.extra and "words" in note.extra:
            found: tuple[str, ...] = note.extra["words"]
            return found
    return ()


def vocabularies(*modules: ModuleType) -> dict[str, Any]:
    """The public aliases that stand for words, by name."""
    return {
        name: alias
        for module in modules
        for name, alias in vars(module).items()
        if not name.startswith("_") and words_of(alias)
    }


VOCABULARIES = vocabularies(words, auth)


def text_of(annotation: Any) -> str:
    """A type as TypeScript writes it. Raises KeyError for one that has no counterpart."""
    for name, alias in VOCABULARIES.items():
        if annotation == alias:
            return name
    if annotation in ALSO:
        return ALSO[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return annotation.__name__
    return _compound(get_origin(annotation), get_args(annotation)) or PLAIN[annotation]


def _compound(origin: Any, args: tuple[Any, ...]) -> str:
    if origin is Annotated:
        return text_of(args[0])
    if origin in (Union, UnionType):
        return " | ".join(text_of(arg) for arg in args if arg not in (UnsetType, NoneType))
    if origin is dict:
        return f"Record<string, {text_of(args[1])}>"
    if origin is tuple and args[-1] is not ...:
        return f"[{', '.join(map(text_of, args))}]"
    if origin in (list, tuple):
        item = text_of(args[0])
        return f"({item})[]" if " " in item else f"{item}[]"
    return _union(args) if origin is Literal else ""


def _union(texts: tuple[str, ...]) -> str:
    return " | ".join(f'"{text}"' for text in texts)


def _comment(shape: type[Struct]) -> list[str]:
    text = re.sub(r"\n +", "\n", (shape.__doc__ or "").strip()).replace("None", "undefined")
    lines = text.splitlines()
    if len(lines) == 1:
        return [f"/** {lines[0]} */"]
    return ["/**", *(f" * {line}".rstrip() for line in lines), " */"]


def _default_of(field: FieldInfo) -> Any:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return field.default


def _is_optional(shape: type[Struct], field: FieldInfo) -> bool:
    if field.required or field.name in ALWAYS.get(shape, ()):
        return False
    return not issubclass(shape, FILLED) or _default_of(field) is None


def interface(shape: type[Struct], *, omit: frozenset[str] = frozenset()) -> str:
    """A struct as an interface. Fields that are left out at their default are optional, unless they are filled in."""
    hints = get_type_hints(shape, include_extras=True)
    tag = shape.__struct_config__.tag
    members = [f'  type: "{tag}";'] if tag is not None else []
    for field in msgspec.structs.fields(shape):
        if field.name in omit:
            continue
        mark = "?" if _is_optional(shape, field) else ""
        text = "EventType" if shape is events.Event and field.name == "type" else text_of(hints[field.name])
        members.append(f"  {field.encode_name}{mark}: {text};")
    body = "\n".join(members)
    return "\n".join([*_comment(shape), f"export interface {shape.__name__} {{", body, "}"])


def defaults(shape: type[Struct]) -> str:
    """The constant with what a server leaves out of a struct."""
    found = {field.encode_name: _default_of(field) for field in msgspec.structs.fields(shape) if not field.required}
    texts = [f"  {name}: {msgspec.json.encode(value).decode()}," for name, value in found.items() if value is not None]
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", shape.__name__).upper()
    return "\n".join([f"export const {name}: Partial<{shape.__name__}> = {{", *texts, "};"])


def _commands() -> list[str]:
    shapes: tuple[type[Struct], ...] = get_args(m.Command)
    names = "\n".join(f"  | {shape.__name__}" for shape in shapes)
    verbs = "\n".join(f"  {verb}: {shape.__name__};" for verb, shape in m.VERBS.items())
    return [
        *(interface(shape) for shape in PARTS),
        *(interface(shape, omit=frozenset({"id"})) for shape in shapes),
        f"export type Command =\n{names};",
        "/** The last word of `POST cases/{verb}`, and the command that it means. */\n"
        f"export interface Verbs {{\n{verbs}\n}}",
    ]


def _events() -> list[str]:
    kinds = "\n".join(f'  | "{kind}"' for kind in sorted(events.KNOWN_TYPES - NODE_FRAMES))
    return [
        *(interface(shape) for shape in EVENTS),
        f"/** Those that this version knows; a newer server may send others. */\nexport type EventType =\n{kinds};",
        interface(events.Event, omit=frozenset({"reconnect_after_ms"})),
    ]


def render() -> str:
    """The whole file."""
    parts = [
        HEAD.rstrip(),
        f"export const PROTOCOL = {frames.PROTOCOL};",
        "\n".join(f"export type {name} = {_union(words_of(alias))};" for name, alias in VOCABULARIES.items()),
        *(interface(shape) for shape in VIEWS),
        *(defaults(shape) for shape in FILLED),
        *(interface(shape) for shape in FRAMES),
        *_events(),
        *_commands(),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write the file, or tell whether it has to be."""
    text = render()
    if sys.argv[1:] == ["--check"]:
        sys.exit(TYPES.read_text() != text)
    TYPES.write_text(text)


if __name__ == "__main__":
    main()
