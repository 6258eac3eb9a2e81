"""The list of calls, and CSV of it."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from analytics import exports, queries
from analytics.forms import CallFilterForm
from analytics.queries import CallFilters
from transcription.views.access import user_of

from .htmx import HtmxRequest

CALLS_PER_PAGE = 50
EXPORTS_OF_CALLS = ("calls", "turns", "fillers", "events")


def calls(request: HtmxRequest) -> HttpResponse:
    """The list of calls with its filters; htmx asks for the results alone."""
    user = user_of(request)
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


def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """What the page shows as CSV, with the same filters."""
    user = user_of(request)
    if not user.may_manage_calls:
        raise PermissionDenied("Exports are for supervisors")
    if kind not in exports.EXPORTS:
        raise Http404("No such table")
    lines = exports.csv_lines(kind, user, CallFilters.parse(request.GET.dict()))
    named = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=named)


def _searched(filters: CallFilters) -> str:
    """What the link to a call carries on, so that its page marks the words that were looked for."""
    return "?" + urlencode({"q": filters.q, "by": filters.by}) if filters.q else ""
