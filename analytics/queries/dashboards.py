"""Reads for the overview, the agents table and the tiles of every dashboard."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from statistics import fmean

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Sum
from django.utils.translation import ngettext

from analytics.compare import MIN_CALLS, mean_change, side
from transcription.models import Agent, Recording
from transcription.models.calls import UNCONFIRMED
from transcription.queries import recordings_visible_to

from .catalogue import METRICS, TILES, Metric
from .deviations import deviation
from .figures import AgentRow, AgentsTable, Baseline, DayCount, Deviation, Estimate, Overview, Point, Tile, Totals
from .means import series, team_medians
from .samples import Row, estimate, left_out, pooled, rows, sample
from .scope import Scope, narrowed, trend_periods, visible_calls

RECENT = 10


def tiles(scope: Scope) -> list[Tile]:
    """The six tiles of catalogue.TILES, in their order; for one agent, a team or all that the user may see."""
    found, before = rows(visible_calls(scope), TILES), rows(visible_calls(scope.baseline), TILES)
    trends = _trends(scope)
    team = scope.agent.team if scope.agent else None
    medians = team_medians(scope, [team] if team else [], TILES)
    median_of = {key: median for (_, key), median in medians.items()}

    def tile(metric: Metric) -> Tile:
        key = metric.key
        baseline = _baseline(scope, metric, found, before)
        return _tile(
            metric, found, baseline, query=scope.behind(key), trend=trends[key], team_median=median_of.get(key)
        )

    return [tile(METRICS[key]) for key in TILES]


def agents_table(scope: Scope, keys: Iterable[str] = METRICS) -> AgentsTable:
    """One row for each agent with a measured call in the scope, with these metrics and how far they are from all."""
    metrics = [METRICS[key] for key in keys]
    found = rows(visible_calls(scope), [metric.key for metric in metrics])
    everybody = {metric.key: estimate(found, metric) for metric in metrics}
    samples = {metric.key: sample(found, metric) for metric in metrics}

    def row(agent: Agent, own: list[Row]) -> AgentRow:
        estimates = {metric.key: estimate(own, metric) for metric in metrics}
        far = {key: deviation(estimates[key], everybody[key], samples[key]) for key in estimates}
        return _agent_row(scope, agent, own, estimates, far)

    return AgentsTable([row(agent, own) for agent, own in rows_by_agent(found).items()], everybody)


def rows_by_agent(found: Iterable[Row]) -> dict[Agent, list[Row]]:
    """The calls of each agent with any, agents by name and with their team."""
    by_agent: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        if row["agent_id"] is not None:
            by_agent[row["agent_id"]].append(row)
    agents = Agent.objects.filter(pk__in=by_agent).select_related("team")
    return {agent: by_agent[agent.pk] for agent in agents}


def overview(scope: Scope) -> Overview:
    """The front page: what came in, what became of it, and the six numbers of all calls of the scope."""
    seen = recordings_visible_to(scope.user)
    statuses = dict(seen.order_by().values_list("status").annotate(Count("pk")))
    return Overview(
        statuses={status: statuses.get(status, 0) for status in Recording.Status.values},
        totals=totals(scope),
        tiles=tiles(scope),
        recent=list(seen.select_related("agent__team", "metrics").order_by("-received_at", "-pk")[:RECENT]),
        unconfirmed=seen.filter(UNCONFIRMED, narrowed(scope, "metrics__")).count(),
        undated=seen.filter(metrics__isnull=False, metrics__day__isnull=True).count(),
        query=scope.query,
    )


def totals(scope: Scope) -> Totals:
    """How much there is of the scope's calls, in one query."""
    by_day = visible_calls(scope).order_by().values("day", "outcome")
    sums = by_day.annotate(calls=Count("pk"), seconds=Sum("recording__duration"))
    found = list(sums.annotate(covered=Sum("coverage"), known=Count("coverage")))
    outcomes = {outcome: sum(row["calls"] for row in found if row["outcome"] == outcome) for outcome in _OUTCOMES}
    known = sum(row["known"] for row in found)
    return Totals(
        outcomes=outcomes,
        calls=sum(outcomes.values()),
        minutes=sum(row["seconds"] for row in found) / 60,
        coverage=100 * sum(row["covered"] or 0 for row in found) / known if known else None,
        days=_days(scope, found),
    )


_OUTCOMES = Recording.Outcome.values


def _trends(scope: Scope) -> dict[str, list[Point]]:
    periods, length = trend_periods(scope)
    return series(periods, TILES, length)


def _tile(
    metric: Metric, found: list[Row], baseline: Baseline, *, query: str, trend: list[Point], team_median: float | None
) -> Tile:
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
        team_side=side(estimated.interval, team_median),
        baseline=baseline,
        note=_left_out(skipped),
        query=query,
    )


def _baseline(scope: Scope, metric: Metric, found: list[Row], before: list[Row]) -> Baseline:
    values = sample(before, metric)
    return Baseline(
        value=fmean(values) if values else None,
        n=len(values),
        change=mean_change(sample(found, metric), values),
        query=scope.baseline.behind(metric.key),
    )


def _left_out(skipped: int) -> str:
    words = ngettext(
        "%(calls)s call left out: nobody asked for its fillers",
        "%(calls)s calls left out: nobody asked for their fillers",
        skipped,
    )
    return words % {"calls": intcomma(skipped)} if skipped else ""


def _agent_row(
    scope: Scope, agent: Agent, found: list[Row], estimates: dict[str, Estimate], deviations: dict[str, Deviation]
) -> AgentRow:
    return AgentRow(
        agent=agent,
        team=agent.team,
        calls=len(found),
        minutes=sum(row["duration_s"] for row in found) / 60,
        estimates=estimates,
        deviations=deviations,
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
