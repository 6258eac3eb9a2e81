"""Every metric of every agent over a period, as far as statistics go: the agents table for other programs."""

from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Final

from django.db.models import Max, Min

from analytics.compare import interval
from analytics.models import CallMetrics
from transcription.days import today
from transcription.models import Agent, Team, User
from transcription.queries import recordings_visible_to

from .catalogue import METRICS, Metric
from .dashboards import rows_by_agent
from .filters import CallFilters
from .means import team_medians
from .samples import Row, rows, sample
from .scope import Scope, visible_calls

_STATISTICS = ("mean", "median", "n", "ci_low", "ci_high", "team_median")
SUMMARY_COLUMNS: Final = (
    *("period", "agent", "team", "calls", "minutes"),
    *(f"{key}_{statistic}" for key in METRICS for statistic in _STATISTICS),
)


def agent_summaries(user: User, filters: CallFilters) -> Iterator[list[object]]:
    """A row of SUMMARY_COLUMNS for each agent with calls between filters.start and filters.end, of filters.team and
    filters.agent; other filters do not apply. Stored units (shares 0–1). `period` is an ISO 8601 interval of days."""
    scope = _scope(user, filters)
    by_agent = rows_by_agent(rows(visible_calls(scope), METRICS))
    medians = team_medians(scope, {agent.team for agent in by_agent if agent.team}, METRICS)
    for agent, found in by_agent.items():
        minutes = sum(row["duration_s"] for row in found) / 60
        row: list[object] = [
            f"{scope.start}/{scope.end}",
            agent.name,
            agent.team and agent.team.name,
            len(found),
            minutes,
        ]
        for key, metric in METRICS.items():
            middle = medians.get((agent.team, key)) if agent.team else None
            row += [*_statistics(found, metric), None if middle is None else middle / metric.scale]
        yield row


def _statistics(found: list[Row], metric: Metric) -> list[object]:
    values = sample(found, replace(metric, scale=1))
    mean = interval(values)
    return [mean.value, median(values) if values else None, mean.n, mean.low, mean.high]


def _scope(user: User, filters: CallFilters) -> Scope:
    """Without dates, all days with calls."""
    start, end = filters.start, filters.end
    if start is None or end is None:
        seen = CallMetrics.objects.filter(recording__in=recordings_visible_to(user).order_by())
        days = seen.aggregate(first=Min("day"), last=Max("day"))
        now = today()
        start, end = start or days["first"] or now, end or days["last"] or now
    return Scope(
        user,
        start,
        end,
        team=Team(pk=filters.team) if filters.team is not None else None,
        agent=Agent(pk=filters.agent) if filters.agent is not None else None,
    )
