"""Means over periods, from the sums of agents' days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Aggregate, Count, Q, Sum

from analytics.compare import MIN_CALLS
from analytics.models import AgentDay
from transcription.models import Team

from .catalogue import METRICS
from .figures import Point
from .scope import Scope, two_sided, visible_days

MIN_AGENTS = 3
"""With two agents, one's own mean and the median give away the other's."""


def series(scope: Scope, keys: Iterable[str], length: int) -> dict[str, list[Point]]:
    """For each metric, its mean in every period of `length` days of the scope, which must be whole periods."""
    keys = list(keys)
    sums: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0, 0.0])
    for metric, day, calls, amount in (*_of_agents(scope, keys), *_of_nobody(scope, keys)):
        sums_of_period = sums[metric, (day - scope.start).days // length]
        sums_of_period[0] += calls
        sums_of_period[1] += amount
    periods = range(scope.days // length)
    return {key: [_point(scope.start, key, index, length, sums[key, index]) for index in periods] for key in keys}


_Sum = tuple[str, date, int, float]
"""Metric, day, calls that have it, sum of their values."""


def _of_agents(scope: Scope, keys: list[str]) -> Iterator[_Sum]:
    days = visible_days(scope).filter(metric__in=keys).values("metric", "day")
    for row in days.annotate(calls=Sum("n"), amount=Sum("total")):
        yield row["metric"], row["day"], row["calls"], row["amount"]


def _of_nobody(scope: Scope, keys: list[str]) -> Iterator[_Sum]:
    """Calls without an agent are in no agent's day, and not everybody may see all of them."""
    sums: dict[str, Aggregate] = {}
    for key in keys:
        counts = Q(filler_capture_mode="prompted") if METRICS[key].prompted_only else Q()
        sums |= {f"n_{key}": Count(key, filter=counts), f"total_{key}": Sum(key, filter=counts)}
    found: Iterable[Mapping[str, Any]] = two_sided(scope).filter(agent=None).order_by().values("day").annotate(**sums)
    for row in found:
        for key in keys:
            if row[f"n_{key}"]:
                yield key, row["day"], row[f"n_{key}"], row[f"total_{key}"]


def _point(first: date, key: str, index: int, length: int, sums: Sequence[float]) -> Point:
    calls, amount = sums
    value = METRICS[key].scale * amount / calls if calls else None
    return Point(first + timedelta(days=index * length), value, int(calls))


def team_medians(scope: Scope, teams: Iterable[Team], keys: Iterable[str]) -> dict[tuple[Team, str], float]:
    """For each team and metric, the median of the means of agents with MIN_CALLS calls; at least MIN_AGENTS of them.

    The only numbers that may come from calls which the user cannot see: an agent is shown the own team's middle.
    """
    known = {team.pk: team for team in teams}
    means: dict[tuple[Team, str], list[float]] = defaultdict(list)
    days = AgentDay.objects.filter(team__in=known, day__range=(scope.start, scope.end), metric__in=list(keys))
    for row in days.values("team", "metric", "agent").annotate(calls=Sum("n"), amount=Sum("total")):
        if row["calls"] >= MIN_CALLS:
            scale = METRICS[row["metric"]].scale
            means[known[row["team"]], row["metric"]].append(scale * row["amount"] / row["calls"])
    return {key: median(values) for key, values in means.items() if len(values) >= MIN_AGENTS}
