"""The page of one call."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from analytics import queries, strip
from analytics.queries import CallFilters
from analytics.queries.reviews import scorecards_in_use
from transcription import audit
from transcription.amending import corrected_by, history
from transcription.models import Action, Hold, Recording, Removal
from transcription.queries import recordings_visible_to
from transcription.transcripts import held_back_for, holds_personal_data, turns_for
from transcription.views.access import user_of

from .htmx import HtmxRequest
from .runs import about_runs

FORMATS = ("txt", "srt", "vtt", "tsv", "json", "zip")
FINAL = (Recording.Status.DONE, Recording.Status.FAILED)


@require_safe
def call(request: HtmxRequest, pk: int) -> HttpResponseBase:
    """One call: listen, read, see the moments behind its numbers. htmx asks again until it is transcribed."""
    seen = recordings_visible_to(user_of(request)).select_related("agent__team", "source", "batch")
    recording = get_object_or_404(seen, pk=pk)
    if request.htmx and recording.status in FINAL:
        return HttpResponseClientRefresh()
    audit.record_once(request, Action.OPENED, recording)
    context = shown_call(request, recording) | about_runs(recording, user_of(request)) | {"formats": FORMATS}
    if user_of(request).may_review and recording.agent_id and recording.outcome == Recording.Outcome.TWO_SIDED:
        context["scorecards"] = scorecards_in_use()
    return render(request, "analytics/call.html", context)


@require_safe
def numbers(request: HtmxRequest, pk: int) -> HttpResponse:
    """The numbers and marks of a call after its transcript was changed; nothing as long as they are the old ones."""
    recording = get_object_or_404(recordings_visible_to(user_of(request)), pk=pk)
    audit.record_once(request, Action.OPENED, recording)
    shown = shown_call(request, recording)
    if shown["measuring"]:
        return HttpResponse(status=204)
    return render(request, "analytics/_numbers.html", shown)


@require_safe
def moments(request: HtmxRequest, pk: int, key: str) -> HttpResponse:
    """What a number of the call counts, to be played. Fetched when its tile is opened: there may be thousands."""
    recording = get_object_or_404(recordings_visible_to(user_of(request)), pk=pk)
    tile = next((tile for tile in queries.call_page(recording).tiles if tile.key == key and tile.moments), None)
    if tile is None:
        raise Http404("This number has no moments.")
    audit.record_once(request, Action.OPENED, recording)
    return render(request, "analytics/_tile_moments.html", {"tile": tile})


def shown_call(request: HtmxRequest, recording: Recording) -> dict[str, Any]:
    """What the page and its fragments are made of. `measuring`: the numbers are of an older transcript, or missing."""
    found = queries.call_page(recording)
    filters = CallFilters.parse(request.GET)
    user = user_of(request)
    turns = turns_for(user, recording)
    hits = queries.word_hits(recording, filters.said)
    measured_at = found.metrics.measured_at if found.metrics else None
    changed_at = recording.changed_at if recording.status == Recording.Status.DONE else None
    removals = list(recording.removals.all())
    corrections = history(recording, user)
    return {
        "recording": recording,
        "found": found,
        "turns": turns,
        "personal": holds_personal_data(recording),
        "hits": hits,
        "measuring": changed_at is not None and (measured_at is None or measured_at < changed_at),
        "corrections": corrections,
        "corrected": corrected_by(turns, [t for t in corrections if t.correction.run_id == recording.current_run_id]),
        "removals": removals,
        "words_gone": any(removal.what == Removal.What.TRANSCRIPT for removal in removals),
        "hold": Hold.objects.select_related("by").filter(recording=recording).first(),
        "held_back": held_back_for(user, recording),
        "opened": filters.counted,
        "agent_sentiment": settings.AGENT_SENTIMENT,
        "comments": recording.comments.select_related("author"),
        "layers": _layers(request),
        "scene": strip.scene(recording, turns, found.events, hits, agent_sentiment=settings.AGENT_SENTIMENT),
    }


def _layers(request: HtmxRequest) -> dict[str, bool]:
    """Each layer of the strip -> whether the user has it on."""
    hidden = user_of(request).preferences.get("hidden_layers", ())
    return {layer: layer not in hidden for layer in strip.LAYERS}
