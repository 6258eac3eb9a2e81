"""Recordings that came in together, and how far they are."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseStopPolling

from transcription.queries import batch_progress, batches_visible_to, with_counts

from .access import for_managers, user_of

BATCHES_PER_PAGE = 50


@for_managers
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    found = with_counts(batches_visible_to(user_of(request)))
    page = Paginator(found, BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "transcription/batches.html", {"page": page})


@for_managers
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(batches_visible_to(user_of(request)), pk=pk)
    return render(request, "transcription/batch.html", {"batch": found, "progress": batch_progress(found)})


@for_managers
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the batch page that htmx fetches every two seconds until everything is done or failed."""
    found = get_object_or_404(batches_visible_to(user_of(request)), pk=pk)
    state = batch_progress(found)
    response = render(request, "transcription/_progress.html", {"batch": found, "progress": state})
    return HttpResponseStopPolling(response.content) if state.is_finished else response
