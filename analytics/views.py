"""Pages and CSV of what was measured. Each view: who asks, for what, one read, one template."""

from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Avg
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django_htmx.middleware import HtmxDetails

from analytics import charts, exports, queries, strip
from analytics.forms import CallFilterForm, Period, agents_of, columns_of, period_of, scope_of, teams_of
from analytics.queries import METRICS, TILES, CallFilters, Scope
from transcription.models import Turn, User
from transcription.queries import recordings_visible_to

CALLS_PER_PAGE = 50
CALLS_OF_AGENT = 15
AGENTS_ON_FRONT = 8
FRONT_COLUMNS = ("sentiment_customer", "fillers_per_100_words_agent", "interruptions_by_agent", "silence_share")
EXPORTS_OF_CALLS = ("calls", "turns", "fillers", "events")


class HtmxRequest(HttpRequest):
    """What HtmxMiddleware makes of a request."""

    htmx: HtmxDetails


def overview(request: HttpRequest) -> HttpResponse:
    """How things stand: what is in the queue, are customers happy, which agents differ, what to listen to."""
    user = _user(request)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, request.GET)
    found = queries.overview(scope)
    context = {
        "overview": found,
        "days": charts.calls_by_day(found.days),
        "feelings": queries.feelings(scope),
        "unhappiest": queries.unhappiest(scope),
        "rows": _sorted(queries.agents_table(scope), "sentiment_customer")[:AGENTS_ON_FRONT],
        "everybody": queries.everybody(scope),
        "columns": [METRICS[key] for key in FRONT_COLUMNS],
    }
    return render(request, "analytics/overview.html", context | _dashboard(scope, period))


def agents(request: HttpRequest) -> HttpResponse:
    """One line for each agent; `sort` is a column (with "-" for descending), `column` the metrics shown."""
    user = _user(request)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, request.GET)
    sort = request.GET.get("sort", "agent")
    context = {
        "rows": _sorted(queries.agents_table(scope), sort),
        "everybody": queries.everybody(scope),
        "sort": sort,
        "columns": [METRICS[key] for key in columns_of(request.GET.getlist("column"))],
        "metrics": METRICS.values(),
    }
    return render(request, "analytics/agents.html", context | _dashboard(scope, period))


def agent(request: HttpRequest, pk: int) -> HttpResponse:
    """One agent's dashboard."""
    user = _user(request)
    person = get_object_or_404(agents_of(user).select_related("team"), pk=pk)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, {}, person)
    shown = METRICS.get(request.GET.get("metric", ""), METRICS[TILES[-1]])
    context = {
        "agent": person,
        "summary": queries.overview(scope),
        "dots": charts.dots(shown, queries.calls_dots(scope, shown.key)),
        "shown": shown,
        "choices": [METRICS[key] for key in TILES],
        "weekly": [charts.weekly(METRICS[key], queries.weekly(scope, key)) for key in TILES],
        "quarters": charts.sentiment_quarters(queries.sentiment_quarters(scope)),
        "fillers": queries.filler_words(scope),
        "moments": queries.moments(scope),
        "coverage": _coverage(scope),
        "newest": queries.filter_calls(user, CallFilters.parse(dict(parse_qsl(scope.query))))[:CALLS_OF_AGENT],
    }
    return render(request, "analytics/agent.html", context | _dashboard(scope, period))


def calls(request: HtmxRequest) -> HttpResponse:
    """The list of calls with its filters; htmx asks for the results alone."""
    user = _user(request)
    filters = CallFilters.parse(request.GET.dict())
    page = Paginator(queries.filter_calls(user, filters), CALLS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filters": filters,
        "form": CallFilterForm(user, request.GET),
        "export_kinds": EXPORTS_OF_CALLS,
        "suffix": _searched(filters),
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    response = render(request, "analytics/_calls.html" if fragment else "analytics/calls.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: listen, read, see the moments behind its numbers."""
    user = _user(request)
    seen = recordings_visible_to(user).select_related("agent__team", "source", "batch")
    recording = get_object_or_404(seen, pk=pk)
    found = queries.call_page(recording)
    filters = CallFilters.parse(request.GET.dict())
    turns = list(Turn.objects.filter(recording=recording))
    context = {
        "recording": recording,
        "found": found,
        "turns": turns,
        "hits": queries.search_hits(recording, filters.q, filters.by) if filters.q else [],
        "scene": strip.scene(recording, turns, found.events),
        "formats": ("txt", "srt", "vtt", "tsv", "json", "zip"),
    }
    return render(request, "analytics/call.html", context)


def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """What the page shows as CSV, with the same filters."""
    user = _user(request)
    if not user.may_manage_calls:
        raise PermissionDenied("Exports are for supervisors")
    if kind not in exports.EXPORTS:
        raise Http404("No such table")
    lines = exports.csv_lines(kind, user, CallFilters.parse(request.GET.dict()))
    named = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=named)


@login_not_required
@cache_control(public=True, immutable=True, max_age=31_536_000)
def vega(_request: HttpRequest) -> HttpResponse:
    """The chart library; its address carries the version."""
    return HttpResponse(charts.library(), content_type="text/javascript", headers={"Content-Encoding": "gzip"})


@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """For load balancers: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # LoginRequiredMiddleware lets nobody else in


def _dashboard(scope: Scope, period: Period) -> dict[str, Any]:
    """What the header of every dashboard needs."""
    return {
        "scope": scope,
        "period": period,
        "presets": period.presets(scope),
        "teams": teams_of(scope.user),
        "vega_version": charts.library_version(),
    }


def _coverage(scope: Scope) -> float | None:
    """Mean share of the speech, in percent, whose word times were measured."""
    coverage: float | None = queries.visible_calls(scope).aggregate(mean=Avg("coverage"))["mean"]
    return None if coverage is None else coverage * 100


def _searched(filters: CallFilters) -> str:
    """What the link to a call carries on, so that its page marks the words that were looked for."""
    return "?" + urlencode({"q": filters.q, "by": filters.by}) if filters.q else ""


def _sorted(rows: list[queries.AgentRow], sort: str) -> list[queries.AgentRow]:
    """By the column `sort` names; rows without the number come last either way."""
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if key not in METRICS:
        plain = {"calls": lambda row: row.calls, "minutes": lambda row: row.minutes}.get(
            key, lambda row: row.agent.name
        )
        return sorted(rows, key=plain, reverse=descending)
    known = [row for row in rows if row.estimates[key].value is not None]
    known.sort(key=lambda row: row.estimates[key].value or 0, reverse=descending)
    return known + [row for row in rows if row.estimates[key].value is None]
