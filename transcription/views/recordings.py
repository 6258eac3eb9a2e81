"""One recording: its sound, its transcript, and changes to it."""

from pathlib import PurePath

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from transcription import audit
from transcription.corrections import confirm_roles
from transcription.formats import WRITERS, to_zip
from transcription.listening import sound_for
from transcription.models import Action, Removal, removed
from transcription.queries import recordings_visible_to
from transcription.queueing import cancel, hurry, start_again
from transcription.ranges import file_response
from transcription.transcripts import transcript_for

from .access import for_managers, user_of

CONTENT_TYPES = {
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "zip": "application/zip",
}


@require_safe
def recording_audio(request: HttpRequest, pk: int) -> HttpResponseBase:
    user = user_of(request)
    recording = get_object_or_404(recordings_visible_to(user), pk=pk)
    try:
        sound = sound_for(user, recording)
        response = file_response(request, sound.path, sound.content_type)
    except OSError as error:
        raise Http404("The audio of this call cannot be read.") from error
    if request.method == "GET":
        audit.record_once(request, Action.PLAYED, recording)
    response["Cache-Control"] = "private"
    return response


@require_GET
def recording_transcript(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    user = user_of(request)
    there = recordings_visible_to(user).exclude(outcome="").exclude(removed(Removal.What.TRANSCRIPT))
    recording = get_object_or_404(there, pk=pk)
    if fmt not in CONTENT_TYPES:
        raise Http404("No such format.")
    name = f"{PurePath(recording.original_name).stem}.{fmt}"
    write = to_zip if fmt == "zip" else WRITERS[fmt]
    content = write(transcript_for(user, recording), recording.original_name)
    audit.record(request, Action.EXPORTED, recording, format=fmt)
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=CONTENT_TYPES[fmt], headers=headers)


@for_managers
@require_POST
def recording_roles(request: HttpRequest, pk: int, *, swap: bool) -> HttpResponse:
    """Confirm who is the agent, or exchange the two; the numbers of the call follow. A list only drops the call."""
    user = user_of(request)
    recording = get_object_or_404(recordings_visible_to(user), pk=pk)
    if confirm_roles(recording, swap=swap, by=user):
        audit.record(request, Action.SWAPPED if swap else Action.CONFIRMED, recording)
    return HttpResponse() if "HX-Request" in request.headers else redirect("call", pk)


@for_managers
@require_POST
def recording_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """One that failed or was cancelled, from the start."""
    seen = recordings_visible_to(user_of(request))
    recording = get_object_or_404(seen, pk=pk)
    if start_again(seen.filter(pk=pk)):
        audit.record(request, Action.STARTED, recording)
    return redirect("batch", recording.batch_id)


@for_managers
@require_POST
def recording_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    seen = recordings_visible_to(user_of(request))
    recording = get_object_or_404(seen, pk=pk)
    if cancel(seen.filter(pk=pk)):
        audit.record(request, Action.CANCELLED, recording)
    return redirect("batch", recording.batch_id)


@for_managers
@require_POST
def recording_urgent(request: HttpRequest, pk: int) -> HttpResponse:
    """Before all others that wait."""
    recording = get_object_or_404(recordings_visible_to(user_of(request)), pk=pk)
    if hurry(recording):
        audit.record(request, Action.CHANGED, recording, priority="urgent")
        messages.success(request, _("%(recording)s comes next.") % {"recording": recording})
    else:
        messages.info(request, _("%(recording)s does not wait any more.") % {"recording": recording})
    return redirect("batch", recording.batch_id)
