"""An hour of coaching: managers prepare a hand-out and share it, the agent reads it and answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analytics import coaching, queries
from analytics.coaching_forms import AnswerForm, MomentForm, SessionForm
from analytics.forms import agents_of, period_of, scope_of
from analytics.models import CoachingMoment, CoachingSession
from transcription import audit
from transcription.models import Action, User
from transcription.queries import recordings_visible_to
from transcription.views.access import for_managers, user_of

from .dashboards import header

SESSIONS_PER_PAGE = 50
MOVES = ("replace", "drop", "up", "down")


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """All hand-outs, newest first."""
    seen = queries.coaching_visible_to(user_of(request))
    page = Paginator(seen, SESSIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "coaching/sessions.html", {"page": page})


@require_safe
def of_agent(request: HttpRequest, pk: int) -> HttpResponse:
    """An agent's hand-outs, and the days to prepare another for."""
    user = user_of(request)
    if not user.may_manage_calls and user.agent_id != pk:
        raise Http404("Coaching is between managers and the agent")
    agent = get_object_or_404(agents_of(user).select_related("team"), pk=pk)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, {}, agent)
    context: dict[str, Any] = {"agent": agent, "page": queries.coaching_visible_to(user).filter(agent=agent)}
    if user.may_manage_calls:
        context["evidence"] = coaching.evidence(scope)
    return render(request, "coaching/agent.html", context | header(scope, period))


@require_POST
@for_managers
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick moments from the days that are sent; a draft of the same days is opened instead."""
    user = user_of(request)
    agent = get_object_or_404(agents_of(user), pk=pk)
    draft = coaching.prepare(scope_of(user, period_of(user, request.POST), {}, agent))
    audit.record(request, Action.ADDED, draft)
    return _to(draft)


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """The hand-out: a form for managers as long as it is a draft, then a page to read, to print and to answer."""
    user = user_of(request)
    shown = get_object_or_404(queries.coaching_visible_to(user), pk=pk)
    audit.record_once(request, Action.OPENED, shown)
    return _page(request, shown)


@require_POST
@for_managers
def save(request: HttpRequest, pk: int) -> HttpResponse:
    draft = _draft(request, pk)
    failed = _written(request, draft)
    if failed:
        return failed
    audit.record(request, Action.CHANGED, draft)
    return _to(draft)


@require_POST
@for_managers
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what is written, and let the agent see it."""
    draft = _draft(request, pk)
    failed = _written(request, draft)
    if failed:
        return failed
    coaching.share(draft, user_of(request))
    audit.record(request, Action.SHARED, draft)
    return _to(draft)


@require_POST
@for_managers
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(queries.coaching_visible_to(user_of(request)), pk=pk)
    try:
        coaching.reopen(shown, user_of(request))
    except coaching.NotNowError:
        messages.error(request, _("Not changed: it is acknowledged, or there is another draft for the same days."))
    else:
        audit.record(request, Action.CHANGED, shown, state=CoachingSession.State.DRAFT)
    return _to(shown)


@require_POST
@for_managers
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft that nobody but managers has seen; one that was shared before stays in the history."""
    draft = _draft(request, pk)
    if draft.steps.exists():
        messages.error(request, _("The agent has seen this hand-out; it can be changed, not discarded."))
        return _to(draft)
    audit.record(request, Action.DELETED, draft)
    draft.delete()
    return HttpResponseRedirect(reverse("coaching_of_agent", args=[draft.agent_id]))


@require_POST
@for_managers
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A moment from the address of a call's page; it must be a call of this agent."""
    draft = _draft(request, pk)
    form = MomentForm(request.POST)
    if form.is_valid():
        call, at_s = form.cleaned_data["link"]
        found = recordings_visible_to(user_of(request)).filter(agent=draft.agent, pk=call).exclude(outcome="").first()
        if found:
            audit.record(request, Action.CHANGED, draft, added=call)
            coaching.add(draft, found, at_s, form.cleaned_data["why"], strong=form.cleaned_data["strong"])
            return _to(draft)
        form.add_error("link", _("That is no transcribed call of %(agent)s.") % {"agent": draft.agent.name})
    return _page(request, draft, adding=form)


@require_POST
@for_managers
def moment(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Save what is written, then replace the moment by the next candidate, drop it, or move it up or down."""
    user = user_of(request)
    drafts = queries.coaching_visible_to(user).filter(state=CoachingSession.State.DRAFT)
    shown = get_object_or_404(CoachingMoment.objects.filter(session__in=drafts, passed=False), pk=pk)
    if action not in MOVES:
        raise Http404("No such change")
    failed = _written(request, shown.session)
    if failed:
        return failed
    audit.record(request, Action.CHANGED, shown.session, moment=action)
    _change(request, user, shown, action)
    return _to(shown.session)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The agent's own word, which nobody else may give."""
    user = user_of(request)
    shown = get_object_or_404(queries.coaching_visible_to(user), pk=pk)
    if user.agent_id != shown.agent_id:
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, answering=form)
    try:
        coaching.answer(shown, user, form.cleaned_data["comment"], disputed=form.cleaned_data["disputed"])
    except coaching.NotNowError:
        messages.error(request, _("Not kept: this hand-out has been answered already, or is being changed."))
    else:
        audit.record(request, Action.ANSWERED, shown, disputed=form.cleaned_data["disputed"])
    return _to(shown)


def _change(request: HttpRequest, user: User, shown: CoachingMoment, action: str) -> None:
    if action == "replace" and coaching.replace(shown, user) is None:
        messages.warning(request, _("There is no other moment of this side in these days. This one was kept."))
    elif action == "drop":
        coaching.drop(shown)
    elif action in ("up", "down"):
        coaching.move(shown, down=action == "down")


def _draft(request: HttpRequest, pk: int) -> CoachingSession:
    drafts = queries.coaching_visible_to(user_of(request)).filter(state=CoachingSession.State.DRAFT)
    return get_object_or_404(drafts, pk=pk)


def _written(request: HttpRequest, draft: CoachingSession) -> HttpResponse | None:
    """Keep summary, goals and notes; the page with what is wrong if they cannot be kept."""
    form = SessionForm(request.POST, instance=draft, moments=list(draft.moments.filter(passed=False)))
    if not form.is_valid():
        return _page(request, draft, form=form)
    form.save()
    return None


def _page(request: HttpRequest, shown: CoachingSession, **forms: Any) -> HttpResponse:
    user = user_of(request)
    moments = queries.moments_of(shown, user)
    context: dict[str, Any] = {
        "session": shown,
        "sides": [
            (True, [one for one in moments if one.moment.strong]),
            (False, [one for one in moments if not one.moment.strong]),
        ],
        "steps": shown.steps.select_related("by"),
        "editable": shown.is_draft and user.may_manage_calls,
        "may_answer": shown.state == CoachingSession.State.SHARED and user.agent_id == shown.agent_id,
        "answering": AnswerForm(),
        "adding": MomentForm(),
    }
    if context["editable"]:
        context["form"] = SessionForm(instance=shown, moments=[one.moment for one in moments])
    return render(request, "coaching/session.html", context | forms)


def _to(shown: CoachingSession) -> HttpResponse:
    return HttpResponseRedirect(reverse("coaching_session", args=[shown.pk]))
