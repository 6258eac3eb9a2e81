"""The list of calls in which a person should say who is the agent."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analytics.queries.confirming import to_confirm
from transcription.views.access import for_managers, user_of

CALLS_PER_PAGE = 20


@for_managers
@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """Each call comes with what is needed to tell: its opening to read and hear, and the evidence."""
    page = Paginator(to_confirm(user_of(request)), CALLS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "analytics/confirm.html", {"page": page})
