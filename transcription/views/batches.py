"""Recordings that came in together, how far they are, and what a person may do about it."""

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from transcription import audit
from transcription.models import Action, Batch, Recording
from transcription.progress import BatchProgress, batch_progress
from transcription.queries import batches_visible_to, with_counts
from transcription.queueing import STOPPED, cancel, start_again
from transcription.sheets import lines

from .access import for_managers, user_of

BATCHES_PER_PAGE = 50
ERROR_COLUMNS = ("call_id", "source_file", "status", "error", "duration_s", "agent", "received_at", "finished_at")


@for_managers
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    found = with_counts(batches_visible_to(user_of(request)))
    page = Paginator(found, BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "transcription/batches.html", {"page": page})


@for_managers
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    return render(request, "transcription/batch.html", {"batch": found, "progress": _progress(request, found)})


@for_managers
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the batch page that htmx fetches every two seconds until nothing changes any more.

    `told`: the quarters that the asking page has been told aloud of; one more is news, all else would be noise.
    """
    found = _batch(request, pk)
    state = _progress(request, found)
    told = request.GET.get("told") == str(state.quarters)
    context = {"batch": found, "progress": state, "news": not told}
    response = render(request, "transcription/_progress.html", context)
    return HttpResponseStopPolling(response.content) if state.is_finished else response


@for_managers
@require_POST
def batch_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that failed, or with status=cancelled those that were cancelled, and nothing else."""
    found = _batch(request, pk)
    status = request.POST.get("status", Recording.Status.FAILED)
    count = start_again(found.recordings.all(), {status})
    if count:
        audit.record(request, Action.STARTED, found, calls=count, status=status)
    messages.success(request, _("%(calls)s started again.") % {"calls": intcomma(count)})
    return redirect("batch", found.pk)


@for_managers
@require_POST
def batch_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    count = cancel(found.recordings.all())
    if count:
        audit.record(request, Action.CANCELLED, found, calls=count)
    words = _("%(calls)s cancelled. The recordings are kept and can be started again.")
    messages.success(request, words % {"calls": intcomma(count)})
    return redirect("batch", found.pk)


@for_managers
@require_GET
def batch_errors(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What did not end as a transcript, and why, as CSV."""
    found = _batch(request, pk)
    audit.record(request, Action.EXPORTED, found, table="errors")
    stopped = found.recordings.filter(status__in=STOPPED).select_related("agent").defer("activity", "peaks")
    rows = (_error(recording) for recording in stopped.order_by("pk").iterator(1000))
    name = content_disposition_header(as_attachment=True, filename=f"batch-{found.pk}-errors.csv")
    return StreamingHttpResponse(
        lines(ERROR_COLUMNS, rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name or ""}
    )


def _batch(request: HttpRequest, pk: int) -> Batch:
    return get_object_or_404(batches_visible_to(user_of(request)), pk=pk)


def _progress(request: HttpRequest, found: Batch) -> BatchProgress:
    page = request.GET.get("page", "")
    return batch_progress(
        found, status=request.GET.get("status", ""), page=int(page) if page.isascii() and page.isdigit() else 1
    )


def _error(recording: Recording) -> list[Any]:
    agent = recording.agent and recording.agent.name
    return [
        recording.pk,
        recording.original_name,
        recording.status,
        recording.error,
        recording.duration,
        agent,
        recording.received_at,
        recording.finished_at,
    ]
