"""What people did, for administrators to look up."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from transcription import audit, trail
from transcription.forms import AuditForm
from transcription.models import Action

from .access import for_administrators

ENTRIES_PER_PAGE = 100


@for_administrators
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries that pass the filters of the address; ?after=ID goes on behind one."""
    form = AuditForm(request.GET)
    after = request.GET.get("after", "")
    place = int(after) if after.isascii() and after.isdigit() else None
    page = trail.page_of(trail.passing(form.wanted), place, ENTRIES_PER_PAGE)
    return render(request, "transcription/audit.html", {"form": form, "page": page, "after": place})


@for_administrators
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All that passes, not only a page."""
    form = AuditForm(request.GET)
    if form.errors:  # without a filter there would be more entries than somebody meant
        raise Http404(str(form.errors))
    lines = trail.csv_lines(trail.passing(form.wanted))
    audit.record(request, Action.EXPORTED, "audit.csv", filters=request.GET.urlencode())
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
