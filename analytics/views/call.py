"""The page of one call."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from analytics import queries, strip
from analytics.queries import CallFilters
from transcription.models import Turn
from transcription.queries import recordings_visible_to
from transcription.views.access import user_of


def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: listen, read, see the moments behind its numbers."""
    user = user_of(request)
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
