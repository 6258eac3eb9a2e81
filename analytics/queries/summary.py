"""Every metric of every agent over a period, as far as statistics go: the agents table for other programs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.db.models import Aggregate, FloatField, Max, Min

from analytics.models import CallMetrics
from transcription.days import today
from transcription.models import Agent, Team, User
from transcription.queries import seen_by

from .catalogue import METRICS
from .filters import CallFilters
from .means import team_medians
from .samples import Estimates
from .scope import Scope, counted, visible_calls
from .summed import OUTCOMES, PROMPTED
from .sums import added_by_agent

_STATISTICS = ("mean", "median", "n", "ci_low", "ci_high", "team_median")
SUMMARY_COLUMNS: Final = (
    *("period", "agent", "team", "calls", "minutes"),
    *(f"{key}_{statistic}" for key in METRICS for statistic in _STATISTICS),
)


def agent_summaries(user: User, filters: CallFilters) -> Iterator[list[object]]:
    """A row of SUMMARY_COLUMNS for each agent with calls between filters.start and filters.end, of filters.team and
    filters.agent; other filters do not apply. Stored units (shares 0–1). `period` is an ISO 8601 interval of days."""
    scope = _scope(user, filters)
    stored = [replace(metric, scale=1) for metric in METRICS.values()]
    by_agent = added_by_agent(scope, [*OUTCOMES, PROMPTED, *METRICS])
    agents = Agent.objects.filter(pk__in=[pk for pk in by_agent if pk is not None]).select_related("team")
    estimates = Estimates(scope, stored, {agent.pk: by_agent[agent.pk] for agent in agents})
    medians = _medians(scope)
    of_teams = team_medians(scope, {agent.team for agent in agents if agent.team}, METRICS)
    for agent in agents:
        sums, team = by_agent[agent.pk], agent.team
        row: list[object] = [f"{scope.start}/{scope.end}", agent.name, team and team.name]
        row += [sum(sums[outcome].n for outcome in OUTCOMES), sum(sums[outcome].total for outcome in OUTCOMES) / 60]
        for metric in stored:
            found = estimates.of(agent.pk, metric)
            low, high = found.interval or (None, None)
            middle = of_teams.get((team, metric.key)) if team else None
            row += [found.value, medians[agent.pk][metric.key], found.n, low, high]
            row.append(None if middle is None else middle / METRICS[metric.key].scale)
        yield row


class _Median(Aggregate):
    """Of a number, as statistics.median has it."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY (%(expressions)s)::double precision)"
    output_field = FloatField()


def _medians(scope: Scope) -> dict[int | None, dict[str, float | None]]:
    """Of the calls of each agent, by metric: the one statistic that the sums of days do not give. One query."""
    medians = {f"{key}_median": _Median(key, filter=counted(metric)) for key, metric in METRICS.items()}
    found = visible_calls(scope).order_by().values_list("agent_id").annotate(**medians)
    return {agent: dict(zip(METRICS, values, strict=True)) for agent, *values in found}


def _scope(user: User, filters: CallFilters) -> Scope:
    """Without dates, all days with calls."""
    start, end = filters.start, filters.end
    if start is None or end is None:
        seen = CallMetrics.objects.filter(seen_by(user, "recording__agent", "recording__batch__created_by"))
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
