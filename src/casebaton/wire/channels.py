"""What agents are told of a channel."""

from typing import Literal

from msgspec import Struct

from casebaton.wire.words import Pool


class ChannelSummary(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agent's page needs to know of a channel before it acts: fields of the document under their own names.

    The lists are the codes to choose from, the channel's own or else the workspace's; an empty one leaves the code to
    whoever writes it.
    """

    pool: Pool
    cost: int
    parked_cost: int
    ring_s: float
    miss_limit: int
    wrap_up_s: float
    wrap_up_extensions: int
    wake_limit_s: float
    auto_accept: bool
    on_offline: Literal["keep", "return"]
    stages: bool
    windows: bool
    reachable_offline: bool
    on_decline_status: str | None = None
    decline_reasons: tuple[str, ...] = ()
    return_reasons: tuple[str, ...] = ()
    dispositions: tuple[str, ...] = ()
    cannot_complete_reasons: tuple[str, ...] = ()
