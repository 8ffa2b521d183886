"""What the machine plays with: a small workspace in which everything collides, and what its commands may say."""

from typing import Any

from hypothesis import strategies as st

from casebaton.store.client import Actor

AGENTS = ["ana", "bo", "cy"]
QUEUES = ["support", "pool", "mixed"]
MODES = ["push", "pull", "both"]
SCOPED = ("supervisor", "sam", '{"queues":["support"],"teams":["north"]}')
SUPERVISORS: list[Actor] = [("supervisor", "sue"), ("supervisor", "sue"), SCOPED]
STEERING: list[Actor] = [("supervisor", "sue"), ("producer", "crm"), SCOPED]
DOCUMENT = """
skills = ["german", "loans"]
[channels.case]
cooldown_s = 4
on_offline = "return"
on_lost = "return"
on_lost_after_s = 2
reserve_after_s = {patience}
[channels.chat]
pool = "primary"
cost = 2
ring_s = 6
miss_limit = 1
cooldown_s = 3
wrap_up_s = 5
parked_cost = 1
wake_limit_s = 8
on_decline_status = "lunch"
idle_alert_s = 4
reserve_after_s = 3
[channels.call]
pool = "primary"
auto_accept = true
on_offline = "return"
on_lost = "return"
on_lost_after_s = 0
[channels.visit]
reachable_offline = {reaches}
stages = true
windows = {windows}
cooldown_s = 5
reserve_after_s = 2
on_offline = "return"
[workspace]
offer_limit = {limit}
grace_s = 2
gone_s = 4
reopen_s = 20
[plans.relax]
steps = [
  {{after_s = 2, drop_skills = true}}, {{after_s = 4, open_tier = 1}}, {{after_s = 6, raise_priority = 2}},
  {{after_s = 8, alert = "long"}}, {{after_s = 9, overflow = "mixed"}},
]
restart_on = ["decline", "return"]
[statuses.lunch]
kind = "busy"
[statuses.chats]
kind = "online"
channels = ["chat"]
[targets.quick]
first_owner_s = 4
completion_s = 12
[[effects]]
on = ["case_accepted", "case_taken", "case_assigned", "case_declined", "offer_expired"]
note = "{{agent}} {{agent_before}} {{reason}}"
[[effects]]
on = ["case_returned", "case_transferred", "case_wrapping", "case_assigned"]
notify_previous_owner = true
[[effects]]
on = ["offer_revoked", "case_transferred", "case_closed", "case_cancelled", "case_parked", "case_reopened"]
queue = "mixed"
event = "changed"
[[effects]]
on = ["case_accepted"]
channel = "chat"
task = "Read {{case}}."
[queues.support]
target = "quick"
mode = "{support}"
exclusion_s = 5
plan = "relax"
choice = "{choice}"
affinity_s = 20
affinity_wait_s = 3
[queues.pool]
mode = "{pool}"
exclusion_s = 0
length_limit = 2
overflow = "mixed"
member_skills = {{german = 2}}
[queues.mixed]
mode = "{mixed}"
choice = "{choice}"
rank = {rank}
order = "{order}"
credit_s = 2
auto_accept = {auto}
length_limit = 6
hours = "short"
when_closed = "{when_closed}"
closed_clock = "{closed_clock}"
[hours.short]
zone = "Etc/UTC"
week = {{fri = [
  "08:00-08:01", "08:02-08:03", "08:04-08:05", "08:06-08:07", "08:08-08:09", "08:10-08:11", "08:12-08:13",
  "08:14-24:00",
]}}
"""
CHOICES = ["longest_idle", "least_active", "least_loaded", "most_available"]
ORDERS = ["priority", "credit", "due"]
# What a case may ask for beyond the plain, with the plain most often.
ASKS: list[dict[str, Any]] = [
    {}, {}, {}, {"skills": "german=1"}, {"skills": "german=2&loans=1"}, {"additional_skills": "german=3#1,loans=1#2"},
    {"preferred_agent": "ana", "preferred_ms": 3000}, {"required_agent": "bo"}, {"cost": 2},
    {"due_at": 1_800_000_030_000},
]  # fmt: skip
WINDOWS = ["1000-3000", "2000-4000", "3000-5000", "1000-5000", ""]
SKILLS = ["", "-", "german=1", "german=2,loans=1", "german=3~0~1800000020000,loans=1"]

agents = st.sampled_from(AGENTS)
queues = st.sampled_from(QUEUES)
nodes = st.sampled_from(["node-a", "node-b"])
some = st.integers(0, 9)
batons = st.sampled_from(["present"] * 6 + ["old", "any"])
priorities = st.sampled_from([0, 5, 5, 9])
submissions = st.tuples(
    st.integers(0, 40), queues, st.sampled_from(["case", "case", "case", "chat", "chat", "call", "visit", "visit"]),
    priorities,
    st.sampled_from(ASKS), st.sampled_from(["", "k1"]),
)  # fmt: skip
