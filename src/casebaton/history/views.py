"""The views that a BI tool may rely on: they keep their names and columns when the tables change.

None of them has a customer, a subject or an address. Instants are timestamps (`…_at`; in SQLite texts such as
`2026-11-25T09:00:00.000Z`, UTC), lengths of time milliseconds (`…_ms`).
"""

import re

# In the selects INSTANT(x) stands for an instant in milliseconds as a timestamp, and words with () for the texts here.
_INSTANT = {
    "sqlite": r"strftime('%Y-%m-%dT%H:%M:%fZ', \1 / 1000.0, 'unixepoch')",
    "postgresql": r"to_timestamp(\1 / 1000.0)",
}
_WORK = "queue, channel, priority, skills"
# As in `buckets.py`: the longest time that lies in a bucket.
_AT_MOST = """100 * (CASE WHEN bucket < 32 THEN bucket
    ELSE ((CAST(bucket AS BIGINT) - (((bucket >> 4) - 1) << 4) + 1) << ((bucket >> 4) - 1)) - 1 END)"""

VIEWS = {
    "bi_visits": """
SELECT workspace, case_id, visit, began_how, WORK(), INSTANT(created_at_ms) AS created_at,
    INSTANT(requested_at_ms) AS requested_at, INSTANT(arrived_at_ms) AS arrived_at, INSTANT(owned_at_ms) AS owned_at,
    owned_by, owned_how, INSTANT(ended_at_ms) AS ended_at, ended_how, disposition, agent,
    owned_at_ms - CASE WHEN began_how = 'reopened' THEN arrived_at_ms ELSE requested_at_ms END AS first_owner_ms,
    open_wait_ms, target_ms,
    CASE WHEN owned_at_ms IS NULL THEN 0 WHEN open_wait_ms <= target_ms THEN 1 ELSE 0 END AS in_time,
    stays, offers, declined, missed, revoked, returned, transferred,
    active_ms + wrap_up_ms - away_ms AS handle_ms, active_ms, wrap_up_ms, parked_ms, away_ms,
    INSTANT(window_from_ms) AS window_from, INSTANT(window_until_ms) AS window_until
FROM visits""",
    "bi_stays": """
SELECT workspace, seq, case_id, visit, WORK(), INSTANT(began_at_ms) AS began_at, began_how,
    INSTANT(ended_at_ms) AS ended_at, ended_how, agent, is_first, dwell_ms
FROM stays""",
    "bi_offers": """
SELECT workspace, seq, case_id, visit, WORK(), agent, team, is_transfer, INSTANT(offered_at_ms) AS offered_at,
    INSTANT(answered_at_ms) AS answered_at, answer, reason, response_ms
FROM offers""",
    "bi_ownerships": """
SELECT workspace, seq, case_id, visit, WORK(), agent, team, INSTANT(began_at_ms) AS began_at, began_how,
    INSTANT(ended_at_ms) AS ended_at, ended_how, reason, active_ms + wrap_up_ms - away_ms AS handle_ms,
    active_ms, wrap_up_ms, parked_ms, away_ms, is_shared
FROM ownerships""",
    "bi_stages": """
SELECT workspace, seq, case_id, visit, queue, channel, agent, stage, INSTANT(began_at_ms) AS began_at,
    INSTANT(ended_at_ms) AS ended_at, ended_at_ms - began_at_ms AS length_ms, next_stage, reason
FROM stages""",
    "bi_statuses": """
SELECT workspace, seq, agent, team, status, label, INSTANT(began_at_ms) AS began_at, INSTANT(ended_at_ms) AS ended_at,
    ended_at_ms - began_at_ms AS length_ms
FROM statuses""",
    "bi_queue_quarters": """
SELECT workspace, INSTANT(at_ms) AS began_at, WORK(), arrived, reopened, owned, in_time, abandoned, short_abandoned,
    cancelled, stays_begun, stays_again, pushed, taken, assigned, offered, accepted, declined, missed, revoked,
    returned, transferred, overflowed, closed, ended_again, waiting_ms
FROM queue_quarters""",
    "bi_agent_quarters": """
SELECT workspace, INSTANT(at_ms) AS began_at, agent, team, queue, channel, accepted, declined, missed, revoked,
    response_ms, taken, assigned, handled, handed_on, shared, active_ms + wrap_up_ms - away_ms AS handle_ms,
    active_ms, wrap_up_ms, parked_ms, away_ms
FROM agent_quarters""",
    "bi_agent_time": """
SELECT workspace, INSTANT(at_ms) AS began_at, agent, team, status, label, total_ms, gone_ms, full_ms,
    full_interruptible_ms, idle_ms, held_primary_ms, held_interruptible_ms, capacity_ms, interruptible_capacity_ms
FROM agent_time""",
    "bi_durations": """
SELECT workspace, measure, INSTANT(at_ms) AS began_at, WORK(), AT_MOST() AS at_most_ms, "count", total_ms
FROM durations""",
    "bi_waits": """
SELECT workspace, INSTANT(at_ms) AS began_at, WORK(), cause, total_ms, stays
FROM waits""",
    "bi_reasons": """
SELECT workspace, INSTANT(at_ms) AS began_at, queue, channel, agent, team, what, reason, "count"
FROM reasons""",
    "bi_live_cases": """
SELECT workspace, name AS case_id, state, WORK(), agent, team, INSTANT(requested_at_ms) AS requested_at,
    INSTANT(since_ms) AS since, INSTANT(touched_at_ms) AS touched_at
FROM live WHERE kind = 'case'""",
}


def selects_for(dialect: str) -> dict[str, str]:
    """The SELECT of each view, in the words of a database: `sqlite` or `postgresql`."""
    instant = _INSTANT[dialect]
    texts = {name: select.replace("WORK()", _WORK).replace("AT_MOST()", _AT_MOST) for name, select in VIEWS.items()}
    return {name: re.sub(r"INSTANT\((\w+)\)", instant, text) for name, text in texts.items()}
