"""What customers ask: the topics, one of them, and what a manager decides about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analytics import queries
from analytics.forms import Period, TopicForm, agents_of, period_of, scope_of
from analytics.models import Question, Topic
from analytics.queries import Scope
from analytics.queries.questions import LEFT_OUT, sorted_rows
from analytics.tasks import enqueue_grouping, group_questions
from analytics.topics import decisions
from transcription import audit
from transcription.models import Action
from transcription.views.access import for_managers, user_of

from .dashboards import header

TOPICS_PER_PAGE = 50
QUESTIONS_PER_PAGE = 25
STOP_POLLING = 286


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """The topics of a period, `sort` by one of their columns; `hidden` shows those that were hidden."""
    scope, period = _asked_for(request)
    found = queries.asked(scope)
    sort = request.GET.get("sort", "-calls")
    rows = found.hidden if "hidden" in request.GET else found.rows
    page = Paginator(sorted_rows(rows, sort), TOPICS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": found,
        "page": page,
        "trends": queries.trends(scope, [row.topic for row in page]),
        "sort": sort,
        "progress": queries.progress(group_questions.name),
    }
    return render(request, "analytics/questions.html", context | header(scope, period))


@require_safe
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic: its questions to play, and how they are answered."""
    scope, period = _asked_for(request)
    shown = _topic(request, pk)
    ours, everybody = queries.customers(scope, shown)
    context = {
        "topic": shown,
        "form": _form(request, shown),
        "merged": shown.merged.all(),
        "answers": queries.answers(scope, shown),
        "ours": ours,
        "everybody": everybody,
        "page": _paged(request, queries.examples(scope, shown)),
    }
    return render(request, "analytics/topic.html", context | header(scope, period))


@require_safe
def left_out(request: HttpRequest, kind: str) -> HttpResponse:
    """The questions in no topic: small talk, or like too few others."""
    if kind not in LEFT_OUT:
        raise Http404("No such questions")
    scope, period = _asked_for(request)
    context = {"kind": kind, "page": _paged(request, queries.left_out(scope, kind))}
    return render(request, "analytics/questions_left_out.html", context | header(scope, period))


@require_safe
def grouping(request: HttpRequest) -> HttpResponse:
    """How far a grouping is; asked every few seconds while there is one."""
    found = queries.progress(group_questions.name)
    status = 200 if found.running else STOP_POLLING
    return render(request, "analytics/_grouping.html", {"progress": found}, status=status)


@require_POST
@for_managers
def group(request: HttpRequest) -> HttpResponse:
    """Have all questions grouped anew; the page shows how far that is."""
    enqueue_grouping()
    audit.record(request, Action.STARTED, "grouping of questions")
    return HttpResponseRedirect(reverse("questions"))


@require_POST
@for_managers
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _topic(request, pk)
    form = _form(request, shown)
    if form.is_valid():
        decisions.rename(shown, form.cleaned_data["label"])
        _note(request, shown, "renamed")
    return _back(request, shown)


@require_POST
@for_managers
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Or show it again, with `hidden` empty."""
    shown = _topic(request, pk)
    hidden = bool(request.POST.get("hidden"))
    decisions.hide(shown, hidden=hidden)
    _note(request, shown, "hidden" if hidden else "shown")
    return _back(request, shown)


@require_POST
@for_managers
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Into another topic, which is shown then."""
    shown = _topic(request, pk)
    form = _form(request, shown)
    if not form.is_valid() or not form.cleaned_data["into"]:
        messages.error(request, _("Choose the topic to merge this one into."))
        return _back(request, shown)
    decisions.merge(shown, form.cleaned_data["into"])
    _note(request, shown, "merged", into=form.cleaned_data["into"].pk)
    return _back(request, form.cleaned_data["into"])


@require_POST
@for_managers
def separate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back. A merged topic has no questions: who may see the one that got them may separate it."""
    merged = Topic.objects.filter(merged_into__in=queries.topics_visible_to(user_of(request)))
    shown = get_object_or_404(merged.select_related("merged_into"), pk=pk)
    together = shown.merged_into
    decisions.separate(shown)
    _note(request, shown, "separated")
    return _back(request, together or shown)


def _asked_for(request: HttpRequest) -> tuple[Scope, Period]:
    """The calls that the address names, by days, team and agent."""
    user = user_of(request)
    period = period_of(user, request.GET)
    wanted = request.GET.get("agent", "")
    person = get_object_or_404(agents_of(user), pk=int(wanted)) if wanted.isdecimal() else None
    return scope_of(user, period, request.GET, person), period


def _topic(request: HttpRequest, pk: int) -> Topic:
    return get_object_or_404(queries.topics_visible_to(user_of(request)), pk=pk)


def _note(request: HttpRequest, shown: Topic, done: str, **detail: Any) -> None:
    """By its number: what a topic is called was said by a customer."""
    audit.record(request, Action.CHANGED, f"topic {shown.pk}", done=done, **detail)


def _form(request: HttpRequest, shown: Topic) -> TopicForm:
    others = queries.topics_visible_to(user_of(request)).exclude(pk=shown.pk)
    return TopicForm(request.POST or None, topics=others, initial={"label": shown.label})


def _back(request: HttpRequest, shown: Topic) -> HttpResponse:
    """To a topic, in the scope that the form was sent from."""
    query = request.GET.urlencode()
    return HttpResponseRedirect(reverse("topic", args=[shown.pk]) + (f"?{query}" if query else ""))


def _paged(request: HttpRequest, found: QuerySet[Question]) -> Page[Question]:
    return Paginator(found, QUESTIONS_PER_PAGE).get_page(request.GET.get("page"))
