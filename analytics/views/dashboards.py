"""Dashboards: how things stand, all agents, one agent."""

from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from analytics import charts, queries
from analytics.exports import agent_lines
from analytics.forms import Period, agents_of, columns_of, period_of, scope_of, teams_of
from analytics.queries import METRICS, TILES, CallFilters, Order, Scope
from analytics.queries.reviews import judged, means_by_form, submitted
from transcription import audit
from transcription.models import Action
from transcription.views.access import for_managers, user_of

from .calls import download

CALLS_OF_AGENT = 15
AGENTS_ON_FRONT = 8
FRONT_COLUMNS = ("sentiment_customer", "fillers_per_100_words_agent", "interruptions_by_agent", "silence_share")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How things stand: what is in the queue, are customers happy, which agents differ, what to listen to."""
    user = user_of(request)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, request.GET)
    found = queries.overview(scope)
    table = queries.agents_table(scope, FRONT_COLUMNS, Order("sentiment_customer"), AGENTS_ON_FRONT)
    context = {
        "rescoring": queries.rescoring(),
        "overview": found,
        "days": charts.calls_by_day(found.totals.days, scope),
        "feelings": queries.feelings(scope),
        "unhappiest": queries.unhappiest(scope),
        "rows": table.rows,
        "everybody": table.everybody,
        "columns": [METRICS[key] for key in FRONT_COLUMNS],
    }
    return render(request, "analytics/overview.html", context | header(scope, period))


@require_safe
def agents(request: HttpRequest) -> HttpResponse:
    """One line for each agent; `sort` is a column (with "-" for descending), `column` the metrics shown."""
    user = user_of(request)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, request.GET)
    columns, sort, order = _columns_and_order(request)
    table = queries.agents_table(scope, columns, order)
    compared = [far for row in table.rows for far in row.deviations.values() if far.side]
    context = {
        "rescoring": queries.rescoring(),
        "rows": table.rows,
        "everybody": table.everybody,
        "compared": len(compared),
        "by_chance": len(compared) / 20,
        "sort": sort,
        "columns": [METRICS[key] for key in columns],
        "metrics": METRICS.values(),
    }
    return render(request, "analytics/agents.html", context | header(scope, period))


@for_managers
@require_safe
def export_agents(request: HttpRequest) -> StreamingHttpResponse:
    """What the page of agents shows as CSV: the same agents, days, columns and order."""
    user = user_of(request)
    scope = scope_of(user, period_of(user, request.GET), request.GET)
    columns, _, order = _columns_and_order(request)
    rows = queries.agents_table(scope, columns, order).rows
    return download(request, "agents-list", agent_lines([METRICS[key] for key in columns], rows))


@require_safe
def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """One agent's dashboard."""
    user = user_of(request)
    person = get_object_or_404(agents_of(user).select_related("team"), pk=pk)
    audit.record_once(request, Action.OPENED, person)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, {}, person)
    shown = METRICS.get(request.GET.get("metric", ""), METRICS[TILES[-1]])
    weeks = queries.weekly(scope, TILES)
    context = {
        "rescoring": queries.rescoring(),
        "agent": person,
        "totals": queries.totals(scope),
        "tiles": queries.tiles(scope),
        "dots": charts.dots(shown, queries.calls_dots(scope, shown.key)),
        "shown": shown,
        "choices": [METRICS[key] for key in TILES],
        "weekly": [charts.weekly(METRICS[key], points, scope) for key, points in weeks.items()],
        "quarters": charts.sentiment_quarters(queries.sentiment_quarters(scope), scope),
        "fillers": queries.filler_words(scope),
        "moments": queries.moments(scope),
        "reviewed": means_by_form(judged(submitted(scope))),
        "newest": queries.ordered_parts(user, CallFilters.parse(dict(parse_qsl(scope.measured))))[0][:CALLS_OF_AGENT],
        "most_dots": queries.DOTS,
        "listened_to": queries.LISTENED_TO,
    }
    return render(request, "analytics/agent.html", context | header(scope, period))


def header(scope: Scope, period: Period) -> dict[str, Any]:
    """What the header of every dashboard needs."""
    return {
        "scope": scope,
        "period": period,
        "presets": period.presets(scope),
        "teams": teams_of(scope.user),
        "vega_version": charts.library_version(),
    }


def _columns_and_order(request: HttpRequest) -> tuple[list[str], str, Order]:
    """The metrics of the agents table, and what it is sorted by ("-" for falling): something that it shows."""
    columns = columns_of(request.GET.getlist("column"))
    asked = request.GET.get("sort", "")
    sort = asked if asked.removeprefix("-") in ("calls", "minutes", "agent", *columns) else "agent"
    return columns, sort, Order(sort.removeprefix("-"), sort.startswith("-"))
