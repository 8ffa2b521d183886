"""What messages are made of: ids, texts, numbers, and what all of them have in common."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

# Ids are safe in keys, timers, JSON and URLs: no quotes, no slashes, no colons, no spaces.
ID = r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}"
_ID = Meta(pattern=rf"^{ID}\Z", description="1 to 64 letters, digits and ._@+-, the first a letter or a digit")
Id = Annotated[str, _ID]
CommandId = Id
# A random token of the engine, or `any` where the role may say so on purpose.
_BATON = Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}\Z", description="a baton as it was shown, or any")
Baton = Annotated[str, _BATON]
# A code, not prose: it is stored in the log and counted in reports.
_REASON = Meta(
    pattern=r"^[A-Za-z0-9][A-Za-z0-9._ -]{0,63}\Z",
    description="a code of 1 to 64 letters, digits, spaces and ._-, the first a letter or a digit",
)
Reason = Annotated[str, _REASON]
# Records of the engine end each field with a zero byte.
_TEXT = Meta(pattern=r"^[^\x00]*\Z", description="a text without zero bytes")
Text = Annotated[str, _TEXT, Meta(max_length=200)]
Name = Annotated[str, _TEXT, Meta(min_length=1, max_length=200)]
NoteText = Annotated[str, _TEXT, Meta(min_length=1, max_length=1000)]
POSITION = r"[0-9]{1,15}-[0-9]{1,9}"
_POSITION = Meta(pattern=rf"^{POSITION}\Z", description="a position in the log, as in 1790000000000-0")
Position = Annotated[str, _POSITION]
_URL = Meta(max_length=300, pattern=r"^https?://\S+\Z", description="an address that begins with http:// or https://")
Url = Annotated[str, _URL]
Priority = Annotated[int, Meta(ge=0, le=9)]
Instant = Annotated[int, Meta(ge=0, le=2**53 - 1)]
# For timers: until the year 2109, which Lua still prints as a whole number.
TimerInstant = Annotated[int, Meta(ge=0, le=2**42)]

Version = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Place = Literal["keep", "front", "back"]
Stage = Literal["scheduled", "dispatched", "travelling", "in_progress", "completed", "cannot_complete"]
LiveState = Literal["waiting", "offered", "active", "parked", "wrapping"]
# What the server says of cases, agents and queues today: whoever reads it must bear another word, so these are texts.
CaseState = Annotated[str, Meta(extra={"words": (*get_args(LiveState), "closed", "cancelled", "abandoned")})]
Status = Annotated[str, Meta(extra={"words": ("online", "busy", "offline", "not_responding")})]
Presence = Annotated[str, Meta(extra={"words": ("connected", "grace", "gone")})]
Mode = Annotated[str, Meta(extra={"words": ("push", "pull", "both")})]
Pool = Annotated[str, Meta(extra={"words": ("primary", "interruptible")})]
Units = Annotated[int, Meta(ge=0, le=1000)]
RingFactor = Annotated[int, Meta(ge=1, le=10)]
Level = Annotated[int, Meta(ge=1, le=100)]
Tier = Annotated[int, Meta(ge=0, le=15)]
Milliseconds = Annotated[int, Meta(ge=0, le=30 * 86_400_000)]
Skills = Annotated[dict[Id, Level], Meta(max_length=16)]

_IN_WORDS = {repr(meta.pattern): meta.description for meta in (_ID, _BATON, _REASON, _TEXT, _POSITION, _URL)}
_CHOICES = {"place": Place, "stage": Stage, "state": LiveState}


def in_words(reason: str, field: str = "") -> str:
    """What msgspec says of a value, with words for a pattern, and the values of a field where there is a choice."""
    if field in _CHOICES and reason.startswith("Invalid enum value"):
        return f"Expected {' or '.join(get_args(_CHOICES[field]))}"
    _, matching, pattern = reason.partition("matching regex ")
    return f"Expected {_IN_WORDS[pattern]}" if matching and pattern in _IN_WORDS else reason


class Message(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What all frames have in common: unknown fields are refused, defaults are not sent."""
