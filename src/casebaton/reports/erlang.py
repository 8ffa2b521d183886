"""Erlang B, C and A: how long random arrivals wait for one of so many servers, when everything else is steady.

Arrivals are Poisson, handle times exponential. Of Erlang C everybody waits, of Erlang A (M/M/c+M, Palm) patience is
exponential too. A. Mandelbaum, S. Zeltyn: The Palm/Erlang-A Queue, with Applications to Call Centers, 2005.
Pure; times are seconds, shares from 0 to 1.
"""

import math
from typing import NamedTuple

SHORT_S = 5.0  # who leaves sooner does not count as lost: the workspace's `short_abandon_s` unless that says otherwise
NEGLIGIBLE = 1e-15
TOO_LARGE = 1e200
MOST_SERVERS = 100_000
TOO_MANY = f"more than {MOST_SERVERS} servers"


class Traffic(NamedTuple):
    """What comes: so many a second, how long each is worked on, and how long somebody waits who is never served (None:
    for ever).
    """

    arrivals_per_s: float
    handle_s: float
    patience_s: float | None = None

    @property
    def load(self) -> float:
        """The offered load in Erlangs: how many servers would be busy if there were any number."""
        return self.arrivals_per_s * self.handle_s


class Outlook(NamedTuple):
    """What comes of it: the share of who waits at all, of who is served in time among those who count, and of who
    leaves; the mean wait of all, infinite where the line grows for ever; how busy the servers are.
    """

    waiting: float
    level: float
    abandoned: float
    mean_wait_s: float
    occupancy: float


def erlang_b(load: float, servers: int) -> float:
    """The share of arrivals that find all servers busy, when those leave at once."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """The share of arrivals that have to wait, when all do; 1 when there are too few servers for the load."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(load, servers)
    return servers * blocked / (servers - load * (1 - blocked))


def outlook(traffic: Traffic, servers: int, within_s: float, short_s: float = SHORT_S) -> Outlook:
    """What so many servers make of it; `level` is for a wait of at most `within_s`, without who leaves in `short_s`."""
    if traffic.load == 0:
        return Outlook(waiting=0.0, level=1.0, abandoned=0.0, mean_wait_s=0.0, occupancy=0.0)
    if servers == 0:
        wait_s = math.inf if traffic.patience_s is None else traffic.patience_s
        return Outlook(1.0, 0.0, 0.0 if traffic.patience_s is None else 1.0, wait_s, 1.0)
    if traffic.patience_s is None:
        return _all_wait(traffic, servers, within_s)
    return _some_leave(traffic, servers, within_s, short_s)


def servers_for(traffic: Traffic, goal: float, within_s: float, short_s: float = SHORT_S) -> int:
    """The fewest servers with which the level reaches the goal (below 1). Raises OverflowError beyond 100,000."""

    def reaches(servers: int) -> bool:
        return outlook(traffic, servers, within_s, short_s).level >= goal

    # From about as many as the load on, by doubling steps, then by halves: near where the answer mostly is.
    guess = max(math.ceil(traffic.load), 1)
    too_few, enough, step = 0, guess, 1
    if guess > MOST_SERVERS:
        raise OverflowError(TOO_MANY)
    if reaches(guess):
        while enough - step > 0 and reaches(enough - step):
            enough, step = enough - step, step * 2
        too_few = max(enough - step, 0)
    else:
        too_few, enough = guess, guess + step
        while not reaches(enough):
            too_few, step = enough, step * 2
            enough += step
            if enough > MOST_SERVERS:
                raise OverflowError(TOO_MANY)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if reaches(middle):
            enough = middle
        else:
            too_few = middle
    return enough


def _all_wait(traffic: Traffic, servers: int, within_s: float) -> Outlook:
    load = traffic.load
    if load >= servers:
        return Outlook(waiting=1.0, level=0.0, abandoned=0.0, mean_wait_s=math.inf, occupancy=1.0)
    waiting = erlang_c(load, servers)
    late = waiting * math.exp(-(servers - load) * within_s / traffic.handle_s)
    return Outlook(waiting, 1 - late, 0.0, waiting * traffic.handle_s / (servers - load), load / servers)


class _Within:
    """Of somebody who finds all servers busy and k others waiting: does it come to a server within a time, or leave?

    With rates c/handle + j/patience, j = 0 … k, whoever is ahead goes, so the time until a server is free for the
    newcomer is at most t with I(k + 1, b), the regularized incomplete beta function at x = 1 - exp(-t/patience), where
    b = c * patience/handle; that it is still there then multiplies by b/(b + k + 1) and adds 1 to the function's b.
    I(k + 1, b) is 1 less the terms (b)_j/j! * x^j * (1 - x)^b, j = 0 … k, as of a negative binomial distribution.
    """

    def __init__(self, time_s: float, patience_s: float, b: float) -> None:
        self._stays = math.exp(-time_s / patience_s)
        self._b = b
        self._log_x = math.log(-math.expm1(-time_s / patience_s)) if time_s else -math.inf
        self._log_terms = [-time_s / patience_s * b, -time_s / patience_s * (b + 1)]  # for b, and for b + 1
        self._beyond = [0.0, 0.0]  # the sums of terms: the function from above

    def step(self, k: int) -> tuple[float, float]:
        """For k = 0, 1, …, in order: the probability to be served within the time, and to leave within it."""
        for one, b in enumerate((self._b, self._b + 1)):
            if k:
                self._log_terms[one] += self._log_x + math.log((k - 1 + b) / k)
            self._beyond[one] += math.exp(self._log_terms[one])
        late, late_and_there = (min(beyond, 1.0) for beyond in self._beyond)
        served = self._b / (self._b + k + 1) * (1 - late_and_there)
        return served, 1 - self._stays * late - served


def _some_leave(traffic: Traffic, servers: int, within_s: float, short_s: float) -> Outlook:
    """By the steady state of the birth and death process: weights of c + k in the system, that of c being 1."""
    assert traffic.patience_s is not None
    arrivals, service = traffic.arrivals_per_s, servers / traffic.handle_s
    b = service * traffic.patience_s
    in_time, short = _Within(within_s, traffic.patience_s, b), _Within(short_s, traffic.patience_s, b)
    free = 1 / erlang_b(traffic.load, servers) - 1  # all states with a server free
    weight, busy, queued, served, gone, k = 1.0, 0.0, 0.0, 0.0, 0.0, 0
    while True:
        busy, queued = busy + weight, queued + k * weight
        served, gone = served + weight * in_time.step(k)[0], gone + weight * short.step(k)[1]
        k += 1
        ratio = arrivals / (service + k / traffic.patience_s)
        weight *= ratio
        if ratio < 1 and weight * k / (1 - ratio) < NEGLIGIBLE * (free + busy):
            break
        if busy > TOO_LARGE:
            weight, busy, queued, served, gone, free = (
                value / TOO_LARGE for value in (weight, busy, queued, served, gone, free)
            )
    whole = free + busy
    abandoned = queued / whole / traffic.patience_s / arrivals
    occupancy = traffic.load * (1 - abandoned) / servers
    level = (free + served) / (whole - gone)
    return Outlook(busy / whole, level, abandoned, queued / whole / arrivals, occupancy)
