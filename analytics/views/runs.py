"""Runs of a call: heard again, shown in place of another, held against another; many calls heard again."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analytics import queries, side_by_side
from analytics.queries import CallFilters
from analytics.rerun_form import RerunForm
from transcription import audit, second_look, speed, wiring
from transcription.models import Action, Recording, Run, User
from transcription.queries import recordings_visible_to
from transcription.rerun import rerun, resume
from transcription.runs import BUSY, heard_of, make_current, transcript_of_run, without_findings
from transcription.views.access import for_managers, user_of

MOST_AT_ONCE = 1000
"""Calls started by one request, which takes some ten seconds for so many."""


@for_managers
@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear one call again with the settings of the form at its runs."""
    user = user_of(request)
    recording = get_object_or_404(recordings_visible_to(user), pk=pk)
    form = RerunForm(request.POST, models=wiring.installed_whisper_models())
    if not form.is_valid():
        for field, problems in form.errors.get_json_data().items():
            messages.error(request, f"{field}: {problems[0]['message']}")
    elif rerun([recording], form.cleaned_data["from_stage"], form.asked(), by=user):
        audit.record(request, Action.HEARD_AGAIN, recording, **form.cleaned_data)
    else:
        messages.warning(request, _("This call is waiting or at work already."))
    return redirect("call", pk)


@for_managers
@require_POST
def run_current(request: HttpRequest, pk: int) -> HttpResponse:
    """Show this run of a call; its numbers follow."""
    run = _run(user_of(request), pk=pk)
    if make_current(run):
        audit.record(request, Action.CHANGED, run.recording, current_run=run.number)
    else:
        words = _("Run %(number)s cannot be shown now: it has no transcript, or the call is at work.")
        messages.warning(request, words % {"number": run.number})
    return redirect("call", run.recording_id)


@for_managers
@require_POST
def run_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed run again from the stage that failed."""
    run = _run(user_of(request), pk=pk)
    if resume(run):
        audit.record(request, Action.HEARD_AGAIN, run.recording, run=run.number)
    return redirect("call", run.recording_id)


@require_safe
def compare_runs(request: HttpRequest, pk: int, one: int, other: int) -> HttpResponse:
    """Two runs of a call side by side; ?only=differences leaves out what both have."""
    user = user_of(request)
    runs = [_run(user, recording=pk, number=number) for number in (one, other)]
    left, right = (transcript_of_run(run) for run in runs)
    if left is None or right is None:
        raise Http404("A run that did not finish has nothing to compare.")
    audit.record_once(request, Action.OPENED, runs[0].recording)
    found = side_by_side.compare(left, right)
    differing = request.GET.get("only") == "differences"
    context = {
        "recording": runs[0].recording,
        "runs": runs,
        "found": found,
        "only_differing": differing,
        "rows": [row for row in found.rows if row.differs or not differing],
        "modes": {transcript.filler_capture_mode for transcript in (left, right)},
    }
    return render(request, "analytics/compare_runs.html", context)


@require_POST
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who sees the call doubts its transcript: it is heard again with the larger model."""
    user = user_of(request)
    recording = get_object_or_404(recordings_visible_to(user).exclude(outcome=""), pk=pk)
    if second_look.two_speeds() and not recording.disputed_at:
        recording.disputed_at, recording.disputed_by = timezone.now(), user
        recording.save(update_fields=["disputed_at", "disputed_by"])
        audit.record(request, Action.DISPUTED, recording)
    return redirect("call", pk)


@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def rerun_calls(request: HttpRequest) -> HttpResponse:
    """The calls that pass the filters of the address: how many, how long it takes, and after a look at that, start."""
    user = user_of(request)
    filters = CallFilters.parse(request.GET)
    if filters.errors:  # without a filter there would be more calls than somebody meant
        raise Http404(" ".join(filters.errors.values()))
    models = wiring.installed_whisper_models()
    form = RerunForm(request.POST if request.method == "POST" else None, models=models)
    found = queries.filter_calls(user, filters)
    if form.is_valid():
        chosen = found.exclude(status__in=BUSY)[:MOST_AT_ONCE]
        started = rerun(chosen, form.cleaned_data["from_stage"], form.asked(), by=user)
        audit.record_each(request, Action.HEARD_AGAIN, [run.recording for run in started], **form.cleaned_data)
        words = ngettext(
            "%(calls)s call is heard again. It stays as it is until that is done.",
            "%(calls)s calls are heard again. Each stays as it is until that is done.",
            len(started),
        )
        messages.success(request, words % {"calls": intcomma(len(started))})
        return redirect(f"{reverse('calls')}?{filters.without('calls').query}")
    busy = Q(status__in=BUSY)
    workers = speed.measured().workers
    context = {
        "filters": filters,
        "form": form,
        "count": found.exclude(busy).count(),
        "busy": found.filter(busy).count(),
        "most": MOST_AT_ONCE,
        "workers": workers,
        "estimates": _estimates(found.exclude(busy), models, workers or 1),
    }
    return render(request, "analytics/rerun.html", context)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the list on the page of its call. `seconds`: of work, None before its first stage is done."""

    run: Run
    current: bool

    @property
    def seconds(self) -> float | None:
        return sum(self.run.stage_seconds.values()) or None

    @property
    def model(self) -> str:
        return str(self.run.asked.get("model") or self.run.engines.get("recognizer", ""))


def about_runs(recording: Recording, user: User) -> dict[str, Any]:
    """What the page of a call says of its runs; of a call without a transcript, what was heard of it."""
    found = list(without_findings(recording.runs.select_related("created_by")))
    current = next((run for run in found if run.pk == recording.current_run_id), None)
    quick = current is not None and current.asked.get("model") == settings.FIRST_WHISPER_MODEL
    return {
        "runs": [RunRow(run, run == current) for run in found],
        "current": current,
        "rerun_form": RerunForm(models=wiring.installed_whisper_models()) if user.may_manage_calls else None,
        "may_dispute": quick and second_look.two_speeds() and not recording.disputed_at,
        "heard": [] if recording.outcome else heard_of(recording),
    }


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds with a model and all workers at it, from each stage on; None where nothing was measured."""

    model: str
    seconds: list[int | None]


def _estimates(recordings: QuerySet[Recording], models: list[str], workers: int) -> list[Estimate]:
    audio = (recordings.order_by().aggregate(total=Sum("duration"))["total"] or 0.0) / workers
    costs = {model: speed.by_stage(model).values() for model in models}
    return [
        Estimate(model, [None if cost is None else round(cost * audio) for cost in each])
        for model, each in costs.items()
    ]


def _run(user: User, **known: int) -> Run:
    visible = Run.objects.filter(recording__in=recordings_visible_to(user).order_by())
    return get_object_or_404(without_findings(visible.select_related("recording")), **known)
