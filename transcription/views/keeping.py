"""How long calls are kept, which are held back from that, and one customer erased."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from transcription import audit, erasure, retention
from transcription.forms import HoldForm, RetentionForm
from transcription.models import Action, Hold, Recording, RetentionRule, Source
from transcription.queries import recordings_visible_to

from .access import for_administrators, for_managers, user_of


@for_administrators
@require_safe
def retention_page(request: HttpRequest) -> HttpResponse:
    """What goes when, by source."""
    return render(request, "transcription/retention.html", {"lines": retention.preview(timezone.now())})


@for_administrators
@require_POST
def retention_rule(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    form = RetentionForm(request.POST, instance=RetentionRule.objects.filter(source=source).first())
    if form.is_valid():
        form.instance.source = source
        rule = form.save()
        audit.record(request, Action.CHANGED, source, audio_days=rule.audio_days, transcript_days=rule.transcript_days)
        messages.success(request, _("Kept as you said. What is due goes with the next night."))
    else:
        messages.error(request, _("Nothing was changed: days are whole numbers from 1, or nothing."))
    return redirect("retention")


@for_managers
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a call whatever the rules say."""
    user = user_of(request)
    recording = get_object_or_404(recordings_visible_to(user), pk=pk)
    form = HoldForm(request.POST)
    if form.is_valid():
        Hold.objects.update_or_create(recording=recording, defaults={"reason": form.cleaned_data["reason"], "by": user})
        audit.record(request, Action.CHANGED, recording, hold=True)
    else:
        messages.error(request, _("Say why this call is to be kept."))
    return redirect("call", pk)


@for_managers
@require_POST
def hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    recording = get_object_or_404(recordings_visible_to(user_of(request)), pk=pk)
    if Hold.objects.filter(recording=recording).delete()[0]:
        audit.record(request, Action.CHANGED, recording, hold=False)
    return redirect("call", pk)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """The calls of one customer: looked for, looked at, and those that are ticked erased."""
    asked = request.POST.get("customer") or request.GET.get("customer", "")
    try:
        found = erasure.find(asked, Recording.objects.select_related("agent", "hold")) if asked else None
    except ValueError:
        messages.error(request, _("That is too short to mean one customer: give at least four letters or digits."))
        found = None
    if request.method == "POST" and found is not None:
        chosen = found.filter(pk__in=[key for key in request.POST.getlist("call") if key.isdecimal()])
        _erase(request, asked, list(chosen[: erasure.MOST]))
        return redirect("erase")
    calls = [] if found is None else list(found[: erasure.MOST])
    return render(request, "transcription/erase.html", {"asked": asked, "calls": calls, "looked": found is not None})


def _erase(request: HttpRequest, asked: str, chosen: list[Recording]) -> None:
    done, left = erasure.erase(chosen)
    if done:
        audit.record(request, Action.DELETED, "customer", reference=erasure.fingerprint(asked), calls=done)
        said = ngettext("%(calls)d call was erased.", "%(calls)d calls were erased.", len(done))
        messages.success(request, said % {"calls": len(done)})
    if left:
        said = ngettext(
            "%(calls)d call stays: it is on hold, or at work.", "%(calls)d calls stay: on hold, or at work.", len(left)
        )
        messages.warning(request, said % {"calls": len(left)})
    if not chosen:
        messages.info(request, _("No call was chosen, so none was erased."))
