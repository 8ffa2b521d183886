"""The Python client: cases pushed to agents, as coroutines and events.

```python
async with Client("http://127.0.0.1:8000", "demo", token=token) as client:
    agent = client.agent()
    await agent.set_status("online")
    async for offer in agent.offers():
        case = await offer.accept()
        await case.complete(disposition="solved")
```
"""

from casebaton.client.administration import (
    Config,
    ConfigApplied,
    ConfigChange,
    ConfigEffect,
    ConfigVersion,
    RosterOutcome,
    RosterPut,
)
from casebaton.client.agent import Agent, Offer, OwnedCase
from casebaton.client.board import Alert, Minute, NodeHealth, ServerHealth, SystemHealth, level_of
from casebaton.client.client import Client
from casebaton.client.connection import ConnectionState
from casebaton.client.counts import QueueCounts
from casebaton.client.errors import CommandRefused, ConnectionEnded, NotSent, WrongRole
from casebaton.client.events import Changes, Event, History
from casebaton.client.line import QueueLine
from casebaton.client.overview import Overview
from casebaton.client.people import Colleague, Colleagues, FoundCases, Named
from casebaton.client.reducer import Line, View
from casebaton.client.state import (
    AgentOverview,
    AgentState,
    Card,
    Case,
    CaseBrief,
    Day,
    FinishedCase,
    Flag,
    Note,
    Pause,
    QueueOverview,
    StatusChoice,
    Window,
)
from casebaton.client.watched import WatchedAgent
from casebaton.errors import CasebatonError, Finding, OutcomeUnknown
from casebaton.wire.channels import ChannelSummary

__all__ = [
    "Agent",
    "AgentOverview",
    "AgentState",
    "Alert",
    "Card",
    "Case",
    "CaseBrief",
    "CasebatonError",
    "Changes",
    "ChannelSummary",
    "Client",
    "Colleague",
    "Colleagues",
    "CommandRefused",
    "Config",
    "ConfigApplied",
    "ConfigChange",
    "ConfigEffect",
    "ConfigVersion",
    "ConnectionEnded",
    "ConnectionState",
    "Day",
    "Event",
    "Finding",
    "FinishedCase",
    "Flag",
    "FoundCases",
    "History",
    "Line",
    "Minute",
    "Named",
    "NodeHealth",
    "NotSent",
    "Note",
    "Offer",
    "OutcomeUnknown",
    "Overview",
    "OwnedCase",
    "Pause",
    "QueueCounts",
    "QueueLine",
    "QueueOverview",
    "RosterOutcome",
    "RosterPut",
    "ServerHealth",
    "StatusChoice",
    "SystemHealth",
    "View",
    "WatchedAgent",
    "Window",
    "WrongRole",
    "level_of",
]
