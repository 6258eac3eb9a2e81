"""An upload in the making: what arrived, what would happen, and the start. Nothing is processed before it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from transcription import audit, speed
from transcription.drafts import DraftPlan, look_at_next, plan_of, start
from transcription.filenames import PRESETS
from transcription.forms import DraftForm, UnknownAgentForm
from transcription.ingest import Result
from transcription.inspection import Candidate
from transcription.models import Action, Agent, Draft, User
from transcription.queries import agents_managed_by, drafts_visible_to, recordings_visible_to, teams_managed_by
from transcription.roster import TakenError, enlist

from .access import for_managers, user_of

FILES_PER_PAGE = 100
LOOK_SECONDS = 2.0
MISSING_SHOWN = 50
SHOWN = {
    "all": gettext_lazy("All"),
    "starting": gettext_lazy("To start"),
    "unassigned": gettext_lazy("Without an agent"),
    "skipped": gettext_lazy("Left out"),
    "duplicates": gettext_lazy("Received before"),
    "errors": gettext_lazy("Cannot be used"),
}


@for_managers
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    context: dict[str, Any] = {
        "draft": found,
        "files": found.files.count(),
        "missing": found.missing.count(),
        "missing_files": found.missing[:MISSING_SHOWN],
        "unseen": found.unseen.count(),
        "chunk_bytes": settings.UPLOAD_CHUNK_BYTES,
    }
    if context["files"] > context["missing"] and not context["unseen"]:
        context |= _planned(request, found)
    return render(request, "transcription/draft.html", context)


@for_managers
@require_POST
def draft_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at some more of the files; htmx asks again until none is left, a browser without it has a button."""
    found = _draft(request, pk)
    unseen = look_at_next(found, seconds=LOOK_SECONDS)
    if not request.htmx:  # type: ignore[attr-defined]  # added by django-htmx
        return redirect("draft", found.pk)
    if not unseen:
        return trigger_client_event(HttpResponse(), "draft:looked-at")  # upload.js loads the page again
    return render(
        request, "transcription/_checking.html", {"draft": found, "unseen": unseen, "files": found.files.count()}
    )


@for_managers
@require_POST
def draft_options(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    form = DraftForm(request.POST, instance=found, agents=agents_managed_by(user_of(request)))
    if form.is_valid():
        form.save()
    else:
        messages.error(request, _("Choose one of the sources and agents offered."))
    return redirect("draft", found.pk)


@for_managers
@require_POST
def draft_unknown(request: HttpRequest, pk: int) -> HttpResponse:
    """What to do about one unknown name or several: `name` may be repeated."""
    found, user = _draft(request, pk), user_of(request)
    unknown = plan_of(found, user).unknown
    for name in request.POST.getlist("name"):
        form = UnknownAgentForm(
            {"name": name, "answer": request.POST.get("answer"), "team": request.POST.get("team")},
            agents=agents_managed_by(user),
            teams=teams_managed_by(user),
        )
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        elif name in unknown:
            _decide(request, found, unknown[name], form)
    return redirect("draft", found.pk)


@for_managers
@require_POST
def draft_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take files out of the draft: the one of `file`, or all that have not arrived."""
    found = _draft(request, pk)
    key = request.POST.get("file", "")
    files = found.files.filter(pk=int(key)) if key.isascii() and key.isdigit() else found.missing
    audit.record(request, Action.CHANGED, found, forgotten=files.count())
    for file in files:
        file.path.unlink(missing_ok=True)
        file.delete()
    return redirect("draft", found.pk)


@for_managers
@require_POST
def draft_delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    audit.record(request, Action.DELETED, found, files=found.files.count())
    found.discard()
    messages.success(request, _("The draft is deleted with its files."))
    return redirect("upload")


@for_managers
@require_POST
def draft_start(request: HttpRequest, pk: int) -> HttpResponse:
    """The one way by which uploaded files begin to be processed."""
    found = _draft(request, pk)
    if found.unseen.exists() or found.missing.exists():
        messages.error(request, _("Some files have not arrived or were not looked at yet. Nothing was started."))
        return redirect("draft", found.pk)
    results = start(found, user_of(request))
    if accepted := _accepted(results):
        audit.record(request, Action.STARTED, found, calls=accepted)
    _report(request, results)
    batch = next(
        (result.recording.batch_id for result in results if result.state == "accepted" and result.recording), None
    )
    if Draft.objects.filter(pk=pk).exists():  # something could not be stored and is still there
        return redirect("draft", pk)
    return redirect("batch", batch) if batch else redirect("upload")


def _draft(request: HttpRequest, pk: int) -> Draft:
    return get_object_or_404(drafts_visible_to(user_of(request)).select_related("source"), pk=pk)


def _planned(request: HttpRequest, found: Draft) -> dict[str, Any]:
    """What the page says once every file that arrived was looked at."""
    user = user_of(request)
    planned = plan_of(found, user)
    show = request.GET.get("show", "all")
    groups = _groups(planned)
    page = Paginator(groups.get(show, groups["all"]), FILES_PER_PAGE).get_page(request.GET.get("page"))
    pace = speed.measured()
    agents = agents_managed_by(user)
    return {
        "planned": planned,
        "groups": [(key, words, len(groups[key])) for key, words in SHOWN.items() if groups[key]],
        "show": show,
        "page": page,
        "rows": [(one, planned.skips(one)) for one in page],
        "received_before": _seen_duplicates(page.object_list, user),
        "usable": len(groups["usable"]),
        "matched": sum(one.agent is not None for one in groups["usable"]),
        "unknown": [_question(name, candidates, found) for name, candidates in planned.unknown.items()],
        "agents": agents,
        "teams": teams_managed_by(user),
        "form": DraftForm(instance=found, agents=agents),
        "others": [file for file in planned.others if file.error or file.notes],
        "speed": pace,
        "seconds": pace.seconds(speed.backlog() + planned.audio_seconds),
        "presets": {name: f"(?i){preset.pattern}" for name, preset in PRESETS.items()},
    }


def _groups(planned: DraftPlan) -> dict[str, list[Candidate]]:
    every = list(planned.plan.candidates)
    return {
        "all": every,
        "usable": [one for one in every if not (one.error or one.is_duplicate)],
        "skipped": [one for one in every if planned.skips(one) and not one.error],
        "starting": planned.starting,
        "unassigned": [one for one in planned.starting if not one.agent],
        "duplicates": [one for one in every if one.is_duplicate and not one.error],
        "errors": [one for one in every if one.error],
    }


def _question(name: str, candidates: list[Candidate], found: Draft) -> dict[str, Any]:
    said = found.unknown_agents.get(name, {})
    first = candidates[0].metadata
    return {"key": name, "name": first.agent, "team": first.team, "files": len(candidates), "skipped": said.get("skip")}


def _seen_duplicates(candidates: Iterable[Candidate], user: User) -> dict[int, str]:
    """The calls that these repeat, as far as `user` may know of them."""
    keys = [one.duplicate_of for one in candidates if one.duplicate_of]
    return dict(recordings_visible_to(user).filter(pk__in=keys).values_list("pk", "original_name"))


def _decide(request: HttpRequest, found: Draft, candidates: list[Candidate], form: UnknownAgentForm) -> None:
    name, answer, team = (form.cleaned_data[field] for field in ("name", "answer", "team"))
    if answer != form.CREATE:
        said = {"map": answer.pk} if isinstance(answer, Agent) else {"skip": True} if answer == form.SKIP else {}
        found.unknown_agents[name] = said
        found.save(update_fields=["unknown_agents", "touched_at"])
        return
    user, first = user_of(request), candidates[0].metadata
    if not team and not user.is_administrator:
        messages.error(request, _("Choose one of your teams for the new agent."))
        return
    try:
        agent = enlist(first.agent or "", team, (first.team or "") if user.is_administrator else "")
    except TakenError as error:
        messages.error(request, str(error))
    else:
        audit.record(request, Action.ADDED, agent, team=str(agent.team or ""))
        words = _("%(agent)s is on the roster now.")
        if agent.team:
            words = _("%(agent)s is on the roster now, in %(team)s.")
        messages.success(request, words % {"agent": agent, "team": agent.team})


def _accepted(results: list[Result]) -> int:
    return sum(result.state == "accepted" for result in results)


def _report(request: HttpRequest, results: list[Result]) -> None:
    accepted = _accepted(results)
    if not results:
        messages.info(request, _("There is no call to start here."))
        return
    words = ngettext("%(calls)s call started.", "%(calls)s calls started.", accepted)
    messages.success(request, words % {"calls": intcomma(accepted)})
    for result in results:
        if result.state == "error":
            told = {"name": result.candidate.name, "error": result.error}
            messages.error(request, _("%(name)s: %(error)s. It is still here.") % told)
