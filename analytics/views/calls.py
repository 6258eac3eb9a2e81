"""The page of calls: filters, search in what was said, the columns that somebody chose, and all of it as CSV."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from analytics import exports, queries
from analytics.filter_forms import CallFilterForm, chips, loosened, place_of
from analytics.queries import COLUMNS, FIXED, CallFilters, Column, Page, columns_shown
from analytics.queries.confirming import to_confirm
from transcription import audit
from transcription.models import Action, User
from transcription.views.access import for_managers, user_of

from .htmx import HtmxRequest

CALLS_PER_PAGE = 50
EXPORTS_OF_CALLS = ("calls", "turns", "fillers", "questions", "events")


@require_safe
def calls(request: HtmxRequest) -> HttpResponse:
    """The list of calls with its filters; htmx asks for the results alone."""
    user = user_of(request)
    filters = CallFilters.parse(request.GET)
    place = place_of(request.GET)
    page = queries.page_of_calls(user, filters, place, CALLS_PER_PAGE)
    context = {
        "page": page,
        "count": _count(user, filters, page),
        "saved_views": queries.views_visible_to(user),
        "hits": queries.snippets(page.rows, filters.said),
        "filters": filters,
        "chips": chips(user, filters),
        "loosened": [] if page.rows else loosened(user, filters),
        "call_columns": _columns(user, filters),
        "columns": COLUMNS.values(),
        "fixed_column": FIXED,
        "export_kinds": EXPORTS_OF_CALLS,
        "searched": _searched(filters),
    }
    fragment = request.htmx and not request.htmx.history_restore_request
    if not fragment:
        context["to_confirm"] = to_confirm(user).count() if user.may_manage_calls else 0
        context["rescoring"] = queries.rescoring()
        context["form"] = CallFilterForm(user, request.GET)
    response = render(request, "analytics/_calls.html" if fragment else "analytics/calls.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@for_managers
@require_safe
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """Everything of the calls that pass the filters, as CSV."""
    if kind not in exports.EXPORTS:
        raise Http404("No such table")
    lines = exports.csv_lines(kind, user_of(request), CallFilters.parse(request.GET))
    return download(request, kind, lines)


@for_managers
@require_safe
def export_list(request: HttpRequest) -> StreamingHttpResponse:
    """What the list shows as CSV: the chosen columns, the same filters and order, all pages."""
    user = user_of(request)
    filters = CallFilters.parse(request.GET)
    return download(request, "list", exports.list_lines(_columns(user, filters), user, filters))


def download(request: HttpRequest, name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    """Lines of CSV, as the file `name`.csv, with a note of who took them and by which filters."""
    audit.record(request, Action.EXPORTED, f"{name}.csv", filters=request.GET.urlencode())
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=named)


def _columns(user: User, filters: CallFilters) -> list[Column]:
    """Those the user chose, and the number whose calls are listed."""
    chosen = columns_shown(user.preferences.get("call_columns", ()))
    return columns_shown([*(column.key for column in chosen), filters.counted])


def _count(user: User, filters: CallFilters, page: Page) -> int:
    """Counted only where one page does not hold them all."""
    alone = page.previous is None and page.next is None
    return len(page.rows) if alone else queries.count_calls(user, filters)


def _searched(filters: CallFilters) -> str:
    """What the link to a call carries on, so that its page marks the words looked for and opens the number."""
    words: dict[str, Any] = {"q": filters.q, "agent_said": filters.agent_said, "customer_said": filters.customer_said}
    words["counted"] = filters.counted
    return urlencode({name: text for name, text in words.items() if text})
