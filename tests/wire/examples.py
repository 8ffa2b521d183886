"""Every command with all its fields."""

from typing import Any

ON_CASE = {"case": "c-1", "baton": "tok.1"}
FULL: dict[str, dict[str, Any]] = {
    "submit_case": {
        "queue": "support", "channel": "chat", "subject": "Printer", "case": "c-1", "customer": "cu-7",
        "url": "https://crm.example/1", "priority": 2, "created_at_ms": 5, "data": {"floor": [3, None]},
        "cost": 2, "skills": {"german": 3}, "additional_skills": [{"skill": "loans", "level": 2, "number": 1}],
        "due_at_ms": 9, "preferred_agent": "ana", "preferred_ms": 7, "required_agent": "bo",
        "linked_case": "c-0",
    },
    "accept_case": ON_CASE,
    "decline_case": ON_CASE | {"reason": "lunch"},
    "take_case": ON_CASE,
    "return_case": ON_CASE | {"reason": "wrong desk", "place": "back"},
    "transfer_case": ON_CASE | {"queue": "billing", "reason": "invoice", "agent": "bo"},
    "complete_case": ON_CASE | {"disposition": "solved"},
    "cancel_case": ON_CASE | {"reason": "withdrawn"},
    "update_case": ON_CASE | {
        "priority": 0, "subject": "New", "customer": "cu-8", "url": "http://crm.example/2", "data": [],
        "skills": {}, "additional_skills": [], "due_at_ms": 9,
        "customer_activity": True,
    },
    "revoke_offer": ON_CASE | {"reason": "meeting"},
    "set_status": {"status": "online", "channels": ["case", "chat"], "next": True},
    "set_agent": {
        "agent": "ana", "capacity": 9, "interruptible_capacity": 4, "queues": ["support"],
        "skills": {"german": 3}, "skill_dates": {"german": {"since_ms": 5, "until_ms": 9}}, "tiers": {"support": 1},
        "auto_accept": True, "status": "busy",
    },
    "watch_queue": {"queue": "support", "limit": 20},
    "why_case": {"case": "c-1"},
    "unwatch": {"queue": "support"},
    "refresh_token": {"token": "t"},
    "remove_agent": {"agent": "ana"},
    "abandon_case": ON_CASE,
    "take_next": {"queue": "support"},
    "assign_case": ON_CASE | {"agent": "bo", "over_capacity": True, "reason": "vip"},
    "wrap_case": ON_CASE | {"disposition": "solved"},
    "extend_wrap_up": ON_CASE,
    "park_case": ON_CASE | {"wake_at_ms": 2**42},
    "resume_case": ON_CASE,
    "reopen_case": ON_CASE,
    "add_note": ON_CASE | {"text": "Called back: nobody there."},
    "read_notes": {"case": "c-1"},
}  # fmt: skip
