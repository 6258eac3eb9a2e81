"""File-name patterns, tried on the names of a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from transcription import audit
from transcription.forms import PatternForm
from transcription.models import Action, Draft, DraftFile
from transcription.patterns import TooSlowError, trials
from transcription.queries import drafts_visible_to

from .access import for_managers, user_of

NAMES_TRIED = 1000
NAMES_SHOWN = 12


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def draft_pattern(request: HttpRequest, pk: int) -> HttpResponse:
    """What a pattern reads from the draft's names; with POST it is kept for the draft's source."""
    user = user_of(request)
    draft = get_object_or_404(drafts_visible_to(user).select_related("source"), pk=pk)
    form = PatternForm(request.POST or request.GET)
    tried = _tried(draft, form.cleaned_data["pattern"]) if form.is_valid() else {}
    if request.method != "POST":
        return render(request, "transcription/_pattern.html", {"form": form} | tried)
    if not user.is_administrator:
        raise PermissionDenied
    if draft.source and form.is_valid() and "slow" not in tried:
        draft.source.filename_pattern = form.cleaned_data["pattern"]
        draft.source.save(update_fields=["filename_pattern"])
        audit.record(request, Action.CHANGED, draft.source, filename_pattern=draft.source.filename_pattern)
        messages.success(request, _("The pattern is kept for %(source)s.") % {"source": draft.source})
    else:
        reasons = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(reasons) or tried.get("slow") or _("Choose a source first."))
    return redirect("draft", draft.pk)


def _tried(draft: Draft, pattern: str) -> dict[str, Any]:
    """How many names match, and the first of them; a pattern that is empty means the presets."""
    recordings = draft.files.filter(kind=DraftFile.Kind.RECORDING)
    names = list(recordings.values_list("name", flat=True)[:NAMES_TRIED])
    if not pattern:
        return {"tried": [], "matching": 0, "of": len(names)}
    try:
        tried = trials(pattern, names)
    except TooSlowError as error:
        return {"slow": str(error)}
    matching = sum(trial.groups is not None for trial in tried)
    tried.sort(key=lambda trial: trial.groups is not None)  # those that do not match are what one wants to see
    return {"tried": tried[:NAMES_SHOWN], "matching": matching, "of": len(names)}
