"""Means over periods, from the sums of agents' days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from statistics import median

from django.db.models import Sum

from analytics.compare import MIN_CALLS
from analytics.models import AgentDay
from transcription.models import Team

from .catalogue import METRICS
from .figures import Point
from .scope import Scope, visible_days

MIN_AGENTS = 3
"""With two agents, one's own mean and the median give away the other's."""


def series(scope: Scope, keys: Iterable[str], length: int) -> dict[str, list[Point]]:
    """For each metric, its mean in every period of `length` days of the scope, which must be whole periods."""
    keys = list(keys)
    sums: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0, 0.0])
    days = visible_days(scope).filter(metric__in=keys).order_by().values_list("metric", "day")
    for metric, day, calls, amount in days.annotate(calls=Sum("n"), amount=Sum("total")):
        sums_of_period = sums[metric, (day - scope.start).days // length]
        sums_of_period[0] += calls
        sums_of_period[1] += amount
    periods = range(scope.days // length)
    return {key: [_point(scope.start, key, index, length, sums[key, index]) for index in periods] for key in keys}


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
