"""What messages are made of: ids, texts, numbers, and what all of them have in common."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

# Ids are safe in keys, timers, JSON and URLs: no quotes, no slashes, no colons, no spaces.
ID = r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}"
Id = Annotated[str, Meta(pattern=rf"^{ID}\Z")]
CommandId = Id
# A random token of the engine, or `any` where the role may say so on purpose.
Baton = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}\Z")]
# A code, not prose: it is stored in the log and counted in reports.
Reason = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._ -]{0,63}\Z")]
Text = Annotated[str, Meta(max_length=200)]
NoteText = Annotated[str, Meta(min_length=1, max_length=1000)]
Url = Annotated[str, Meta(max_length=300, pattern=r"^https?://\S+\Z")]
Priority = Annotated[int, Meta(ge=0, le=9)]
Instant = Annotated[int, Meta(ge=0, le=2**53 - 1)]
# For timers: until the year 2109, which Lua still prints as a whole number.
TimerInstant = Annotated[int, Meta(ge=0, le=2**42)]

Place = Literal["keep", "front", "back"]
Stage = Literal["scheduled", "dispatched", "travelling", "in_progress", "completed", "cannot_complete"]
Units = Annotated[int, Meta(ge=0, le=1000)]
Level = Annotated[int, Meta(ge=1, le=100)]
Tier = Annotated[int, Meta(ge=0, le=15)]
Milliseconds = Annotated[int, Meta(ge=0, le=30 * 86_400_000)]
Skills = Annotated[dict[Id, Level], Meta(max_length=16)]


class Message(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What all frames have in common: unknown fields are refused, defaults are not sent."""
