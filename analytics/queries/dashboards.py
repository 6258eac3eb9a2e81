"""Reads for the overview, the agents table and the tiles of every dashboard."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import Count, Sum

from analytics.compare import MIN_CALLS
from transcription.models import Agent, Recording
from transcription.queries import recordings_visible_to

from .catalogue import METRICS, TILES, Metric
from .figures import AgentRow, DayCount, Estimate, Overview, Point, Tile
from .listing import UNCONFIRMED
from .means import series, team_medians
from .samples import Row, estimate, left_out, pooled, rows
from .scope import Scope, narrowed, trend_periods, visible_calls

RECENT = 10


def tiles(scope: Scope) -> list[Tile]:
    """The six tiles of catalogue.TILES, in their order; for one agent, a team or all that the user may see."""
    found = rows(visible_calls(scope), TILES)
    trends = _trends(scope)
    team = scope.agent.team if scope.agent else None
    medians = team_medians(scope, [team] if team else [], TILES)
    median_of = {key: median for (_, key), median in medians.items()}
    return [_tile(scope, METRICS[key], found, trends[key], median_of.get(key)) for key in TILES]


def everybody(scope: Scope) -> dict[str, Estimate]:
    """Every metric of catalogue.METRICS over all calls of the scope."""
    found = rows(visible_calls(scope), METRICS)
    return {key: estimate(found, metric) for key, metric in METRICS.items()}


def agents_table(scope: Scope) -> list[AgentRow]:
    """One row for each agent with a measured call in the scope, by name."""
    return [_agent_row(scope, agent, found) for agent, found in rows_by_agent(scope).items()]


def rows_by_agent(scope: Scope) -> dict[Agent, list[Row]]:
    """The calls of each agent with any, agents by name and with their team."""
    by_agent: dict[int, list[Row]] = defaultdict(list)
    for row in rows(visible_calls(scope).filter(agent__isnull=False), METRICS):
        by_agent[row["agent_id"]].append(row)
    agents = Agent.objects.filter(pk__in=by_agent).select_related("team")
    return {agent: by_agent[agent.pk] for agent in agents}


def overview(scope: Scope) -> Overview:
    """The front page: what came in, what became of it, and the six numbers of all calls of the scope."""
    seen = recordings_visible_to(scope.user)
    statuses = dict(seen.order_by().values_list("status").annotate(Count("pk")))
    counts = visible_calls(scope).order_by().values("day", "outcome")
    found = list(counts.annotate(calls=Count("pk"), seconds=Sum("recording__duration")))
    outcomes = {outcome: sum(row["calls"] for row in found if row["outcome"] == outcome) for outcome in _OUTCOMES}
    return Overview(
        statuses={status: statuses.get(status, 0) for status in Recording.Status.values},
        outcomes=outcomes,
        calls=sum(outcomes.values()),
        minutes=sum(row["seconds"] for row in found) / 60,
        days=_days(scope, found),
        tiles=tiles(scope),
        recent=list(seen.select_related("agent__team", "metrics").order_by("-received_at", "-pk")[:RECENT]),
        unconfirmed=seen.filter(UNCONFIRMED, narrowed(scope, "metrics__")).count(),
        undated=seen.filter(metrics__isnull=False, metrics__day__isnull=True).count(),
        query=scope.query,
    )


_OUTCOMES = Recording.Outcome.values


def _trends(scope: Scope) -> dict[str, list[Point]]:
    periods, length = trend_periods(scope)
    return series(periods, TILES, length)


def _tile(scope: Scope, metric: Metric, found: list[Row], trend: list[Point], team_median: float | None) -> Tile:
    estimated = estimate(found, metric)
    skipped = left_out(found, metric)
    return Tile(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        decimals=metric.decimals,
        value=estimated.value,
        weighted=pooled(found, metric),
        n=estimated.n,
        reason=estimated.reason if estimated.value is None else "",
        interval=estimated.interval,
        trend=trend,
        team_median=team_median,
        note=_left_out(skipped),
        query=scope.behind(metric.key),
    )


def _left_out(skipped: int) -> str:
    if skipped == 1:
        return "1 call left out: nobody asked for its fillers"
    return f"{skipped} calls left out: nobody asked for their fillers" if skipped else ""


def _agent_row(scope: Scope, agent: Agent, found: list[Row]) -> AgentRow:
    return AgentRow(
        agent=agent,
        team=agent.team,
        calls=len(found),
        minutes=sum(row["duration_s"] for row in found) / 60,
        estimates={key: estimate(found, metric) for key, metric in METRICS.items()},
        comparable=sum(row["outcome"] == "two_sided" for row in found) >= MIN_CALLS,
        scope=replace(scope, agent=agent),
    )


def _days(scope: Scope, found: Sequence[Row]) -> list[DayCount]:
    calls: dict[object, int] = defaultdict(int)
    seconds: dict[object, float] = defaultdict(float)
    for row in found:
        calls[row["day"]] += row["calls"]
        seconds[row["day"]] += row["seconds"]
    days = [scope.start + timedelta(days=number) for number in range(scope.days)]
    return [DayCount(day, calls[day], seconds[day] / 60) for day in days]
