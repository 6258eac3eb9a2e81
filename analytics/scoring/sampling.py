"""A fair sample of an agent's calls: every day with calls has the same chance, whatever its number of calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import numpy as np


def sample(calls: Iterable[tuple[int, date]], count: int, seed: int) -> list[int]:
    """Up to `count` calls, one of each day in turn, days and calls in random order.

    The same calls, in any order, and the same seed give the same sample.
    """
    random = np.random.default_rng(seed)
    by_day: dict[date, list[int]] = defaultdict(list)
    for call, day in sorted(calls):
        by_day[day].append(call)
    days = sorted(by_day)
    queues = [list(random.permutation(by_day[days[place]])) for place in random.permutation(len(days))]
    picked: list[int] = []
    while len(picked) < count and any(queues):
        picked += [int(queue.pop()) for queue in queues if queue]
    return picked[:count]
