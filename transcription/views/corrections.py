"""Words and speakers set right on the call page, and undone. All of it is for managers."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from transcription import amending, audit
from transcription.forms import SpeakerForm, WordsForm
from transcription.models import Action, Correction, Recording
from transcription.queries import recordings_visible_to
from transcription.speech.rewriting import Outdated
from transcription.tasks import score_corrected
from transcription.transcripts import turns_for

from .access import for_managers, user_of

CHANGED = gettext_lazy("This part of the transcript has changed since, so nothing was done. Look at it again.")


@for_managers
@require_safe
def turn(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """The form that opens below a turn."""
    user = user_of(request)
    recording = get_object_or_404(recordings_visible_to(user), pk=pk)
    found = next((turn for turn in turns_for(user, recording) if turn.index == index), None)
    if found is None:
        raise Http404("There is no such turn.")
    context = {"recording": recording, "turn": found, "others": amending.others(recording, found.speaker)}
    return render(request, "transcription/_turn.html", context)


@for_managers
@require_POST
def turn_words(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    return _correct(request, pk, index, WordsForm, amending.correct_words)


@for_managers
@require_POST
def turn_speaker(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    return _correct(request, pk, index, SpeakerForm, amending.give_words)


@for_managers
@require_POST
def correction_undo(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    seen = Correction.objects.filter(recording__in=recordings_visible_to(user)).select_related("recording")
    correction = get_object_or_404(seen, pk=pk)
    return _answer(request, correction.recording, partial(amending.undo, correction, by=user), Action.UNDONE)


def _correct(
    request: HttpRequest, pk: int, index: int, form_of: type[WordsForm | SpeakerForm], amend: Callable[..., Correction]
) -> HttpResponse:
    user = user_of(request)
    recording = get_object_or_404(recordings_visible_to(user), pk=pk)
    form = form_of(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: the form was not complete."))
        return redirect("call", pk)
    change = partial(amend, recording, index, **form.cleaned_data, by=user)
    return _answer(request, recording, change, Action.CORRECTED)


def _answer(
    request: HttpRequest, recording: Recording, change: Callable[[], Correction], action: Action
) -> HttpResponse:
    """Make the change, have what it leaves without a sentiment scored, and show the call at the place."""
    try:
        with transaction.atomic():
            made = change()
            audit.record(request, action, recording, of=made.kind, at_s=round(made.start, 1))
            score_corrected.defer(recording_id=recording.pk)
    except Outdated:
        messages.error(request, CHANGED)
        return redirect("call", recording.pk)
    except ValueError as error:
        messages.error(request, _("Nothing was changed: %(error)s.") % {"error": error})
        return redirect("call", recording.pk)
    return redirect(reverse("call", args=[recording.pk]) + f"?t={made.start:.1f}")
