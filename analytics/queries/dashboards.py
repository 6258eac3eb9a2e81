"""Reads for the overview, the agents table and the tiles of every dashboard."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from math import sqrt
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count
from django.utils.translation import ngettext

from analytics.compare import MIN_CALLS, Sums, mean_change, side
from transcription.days import midnight
from transcription.models import Agent, Recording
from transcription.models.conditions import UNCONFIRMED
from transcription.queries import recordings_visible_to

from .catalogue import METRICS, TILES, Metric
from .deviations import deviation
from .figures import AgentRow, AgentsTable, Baseline, DayCount, Deviation, Estimate, Overview, Point, Tile, Totals
from .means import series, team_medians
from .samples import Estimates, left_out, pooled, summed_keys
from .scope import Scope, narrowed, trend_periods
from .summed import COVERAGE, OUTCOMES, TWO_SIDED
from .sums import ByKey, added, added_by_agent, added_by_day, all_of

RECENT = 10
UNFINISHED = (Recording.Status.WAITING, Recording.Status.PROCESSING, Recording.Status.FAILED)


def tiles(scope: Scope) -> list[Tile]:
    """The six tiles of catalogue.TILES, in their order; for one agent, a team or all that the user may see."""
    metrics = [METRICS[key] for key in TILES]
    sums, before = added(scope, summed_keys(metrics)), added(scope.baseline, TILES)
    estimates = Estimates(scope, metrics, {None: sums})
    trends = _trends(scope)
    team = scope.agent.team if scope.agent else None
    medians = team_medians(scope, [team] if team else [], TILES)
    median_of = {key: median for (_, key), median in medians.items()}

    def tile(metric: Metric) -> Tile:
        key = metric.key
        return _tile(
            metric,
            estimates.of(None, metric),
            _baseline(scope, metric, sums[key], before[key]),
            weighted=pooled(sums, metric),
            note=_left_out(left_out(sums, metric)),
            query=scope.behind(key),
            trend=trends[key],
            team_median=median_of.get(key),
        )

    return [tile(metric) for metric in metrics]


@dataclass(frozen=True, slots=True)
class Order:
    """Of agents: `by` a metric, "calls", "minutes" or "agent". Those without the number come last either way."""

    by: str = "agent"
    falling: bool = False


def agents_table(
    scope: Scope,
    keys: Iterable[str] = METRICS,
    order: Order = Order(),
    most: int | None = None,
) -> AgentsTable:
    """One row for each agent with a measured call in the scope (the first `most` of them), with these metrics and how
    far they are from all."""
    metrics = [METRICS[key] for key in keys]
    summed = [*OUTCOMES, *(key for key in summed_keys(metrics) if key not in OUTCOMES)]
    by_agent = added_by_agent(scope, summed)
    everybody = all_of(by_agent.values(), summed)
    with_calls = Agent.objects.filter(pk__in=[pk for pk in by_agent if pk is not None])
    agents = {agent.pk: agent for agent in with_calls.select_related("team")}
    shown = _ordered(by_agent, agents, order)[:most]
    estimates = Estimates(scope, metrics, {None: everybody} | {pk: by_agent[pk] for pk in shown})
    of_all = {metric.key: estimates.of(None, metric) for metric in metrics}

    def row(pk: int) -> AgentRow:
        own = {metric.key: estimates.of(pk, metric) for metric in metrics}
        spread = {metric.key: metric.scale * sqrt(everybody[metric.key].variance) for metric in metrics}
        far = {key: deviation(own[key], of_all[key], spread[key]) for key in own}
        return _agent_row(scope, agents[pk], by_agent[pk], own, far)

    return AgentsTable([row(pk) for pk in shown], of_all)


def _ordered(by_agent: Mapping[int | None, ByKey], agents: Mapping[int, Agent], order: Order) -> list[int]:
    def value(pk: int) -> Any:
        sums = by_agent[pk]
        if order.by in METRICS:
            return sums[order.by].mean
        return {"calls": _calls(sums), "minutes": _minutes(sums)}.get(order.by, agents[pk].name)

    values = {pk: value(pk) for pk in agents}
    known = sorted((pk for pk in agents if values[pk] is not None), key=values.__getitem__, reverse=order.falling)
    return known + [pk for pk in agents if values[pk] is None]


def _calls(sums: ByKey) -> int:
    """Of any outcome."""
    return sum(sums[outcome].n for outcome in OUTCOMES)


def _minutes(sums: ByKey) -> float:
    return sum(sums[outcome].total for outcome in OUTCOMES) / 60


def overview(scope: Scope) -> Overview:
    """The front page: what came in, what became of it, and the six numbers of all calls of the scope."""
    seen = recordings_visible_to(scope.user)
    unfinished = seen.filter(status__in=UNFINISHED).order_by()
    statuses = dict(unfinished.values_list("status").annotate(Count("pk")))
    return Overview(
        statuses={status: statuses.get(status, 0) for status in UNFINISHED},
        totals=totals(scope),
        tiles=tiles(scope),
        recent=list(seen.select_related("agent__team", "metrics").order_by("-pk")[:RECENT]),
        unconfirmed=_unconfirmed(scope),
        undated=seen.filter(metrics__isnull=False, metrics__day__isnull=True).count(),
        query=scope.query,
    )


def _unconfirmed(scope: Scope) -> int:
    """Days are asked for in both tables: an index knows those of the recording."""
    begins, ends = midnight(scope.start), midnight(scope.end + timedelta(days=1))
    started = recordings_visible_to(scope.user).filter(UNCONFIRMED, started_at__gte=begins, started_at__lt=ends)
    return started.filter(narrowed(scope, "metrics__")).count()


def totals(scope: Scope) -> Totals:
    """How much there is of the scope's calls, in one query."""
    found = added_by_day(scope, [*OUTCOMES, COVERAGE])
    sums = all_of(found.values(), [*OUTCOMES, COVERAGE])
    days = [scope.start + timedelta(days=number) for number in range(scope.days)]
    covered = sums[COVERAGE].mean
    return Totals(
        outcomes={outcome: sums[outcome].n for outcome in OUTCOMES},
        calls=_calls(sums),
        minutes=_minutes(sums),
        coverage=None if covered is None else 100 * covered,
        days=[DayCount(day, _calls(found[day]), _minutes(found[day])) for day in days],
    )


def _trends(scope: Scope) -> dict[str, list[Point]]:
    periods, length = trend_periods(scope)
    return series(periods, TILES, length)


def _tile(metric: Metric, estimated: Estimate, baseline: Baseline, *, team_median: float | None, **values: Any) -> Tile:
    return Tile(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        decimals=metric.decimals,
        value=estimated.value,
        n=estimated.n,
        reason=estimated.reason if estimated.value is None else "",
        interval=estimated.interval,
        team_median=team_median,
        team_side=side(estimated.interval, team_median),
        baseline=baseline,
        **values,
    )


def _baseline(scope: Scope, metric: Metric, now: Sums, before: Sums) -> Baseline:
    now, before = now.times(metric.scale), before.times(metric.scale)
    return Baseline(
        value=before.mean, n=before.n, change=mean_change(now, before), query=scope.baseline.behind(metric.key)
    )


def _left_out(skipped: int) -> str:
    words = ngettext(
        "%(calls)s call left out: nobody asked for its fillers",
        "%(calls)s calls left out: nobody asked for their fillers",
        skipped,
    )
    return words % {"calls": intcomma(skipped)} if skipped else ""


def _agent_row(
    scope: Scope, agent: Agent, sums: ByKey, estimates: dict[str, Estimate], deviations: dict[str, Deviation]
) -> AgentRow:
    return AgentRow(
        agent=agent,
        team=agent.team,
        calls=_calls(sums),
        minutes=_minutes(sums),
        estimates=estimates,
        deviations=deviations,
        comparable=sums[TWO_SIDED].n >= MIN_CALLS,
        scope=replace(scope, agent=agent),
    )
