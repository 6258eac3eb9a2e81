"""What days add up to: every statistic of many calls comes from here, so that its cost does not grow with calls."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from analytics.compare import Sums

from .scope import Scope, visible_days

ByKey = Mapping[str, Sums]
"""Key of `summed` -> its sums; every key that was asked for is there."""


def added(scope: Scope, keys: Iterable[str]) -> ByKey:
    """Over all calls of the scope. One query."""
    keys = list(keys)
    found = _grouped(scope, keys, "metric")
    return {key: found.get((key,), Sums()) for key in keys}


def added_by_agent(scope: Scope, keys: Iterable[str]) -> Mapping[int | None, ByKey]:
    """Primary key of each agent with calls -> sums; None for the calls of nobody. One query."""
    keys = list(keys)
    by_agent: dict[int | None, dict[str, Sums]] = defaultdict(lambda: dict.fromkeys(keys, Sums()))
    for (agent, key), sums in _grouped(scope, keys, "agent", "metric").items():
        by_agent[agent][key] = sums
    return by_agent


def added_by_day(scope: Scope, keys: Iterable[str]) -> Mapping[date, ByKey]:
    """Each day of the scope -> sums. One query."""
    keys = list(keys)
    days = [scope.start + timedelta(days=number) for number in range(scope.days)]
    by_day = {day: dict.fromkeys(keys, Sums()) for day in days}
    for (day, key), sums in _grouped(scope, keys, "day", "metric").items():
        by_day[day][key] = sums
    return by_day


def added_by_days_with_calls(scope: Scope, keys: Iterable[str]) -> Mapping[tuple[date, str], Sums]:
    """Day and key -> sums, only where there are any. One query."""
    return _grouped(scope, keys, "day", "metric")


def all_of(parts: Iterable[ByKey], keys: Iterable[str]) -> ByKey:
    """The parts added up."""
    parts = list(parts)
    return {key: sum((part[key] for part in parts), Sums()) for key in keys}


def _grouped(scope: Scope, keys: Iterable[str], *by: str) -> dict[tuple[Any, ...], Sums]:
    days = visible_days(scope).filter(metric__in=list(keys)).order_by().values_list(*by)
    rows = days.annotate(of=Sum("n"), amount=Sum("total"), of_squares=Sum("squares"))
    return {row[: len(by)]: Sums(*row[len(by) :]) for row in rows}
