"""Reviewing calls with scorecards: what is to do, one review, what came of them."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analytics import reviewing
from analytics.forms import period_of, scope_of
from analytics.models import Review, ReviewSample, Scorecard
from analytics.queries import reviews as reads
from analytics.review_forms import MOST_SEED, ReviewForm, SampleForm
from transcription import audit
from transcription.models import Action, Recording
from transcription.queries import recordings_visible_to
from transcription.views.access import for_reviewers, user_of

from .call import shown_call
from .dashboards import header
from .htmx import HtmxRequest

REVIEWS_PER_PAGE = 50
SAMPLES = 20


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Reviewers: work lists, forms and all reviews. Agents: the reviews of their own calls."""
    return _hub(request)


@require_POST
@for_reviewers
def draw(request: HttpRequest) -> HttpResponse:
    """A fair sample of every agent's calls of the days and team that are sent, as a work list."""
    user = user_of(request)
    form = SampleForm(reads.scorecards_in_use(), request.POST)
    if not form.is_valid():
        return _hub(request, form)
    scope = scope_of(user, period_of(user, request.POST), request.POST)
    card, count, seed = (form.cleaned_data[name] for name in ("scorecard", "per_agent", "seed"))
    drawn = reviewing.draw(card, scope, count, seed)
    if drawn is None:
        words = _("Nothing to draw: these days have no two-sided call that is not reviewed already.")
        messages.warning(request, words)
        return _to("reviews")
    audit.record(request, Action.ADDED, drawn)
    return _to("sample", drawn.pk)


@require_safe
@for_reviewers
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """A work list. A call that is reviewed stays in it, marked."""
    user = user_of(request)
    found = get_object_or_404(ReviewSample.objects.select_related("scorecard", "by"), pk=pk)
    rows = reads.drawn(found, user)
    card = get_object_or_404(Scorecard, lineage=found.scorecard.lineage, retired=False)
    done = sum(row.review is not None and row.review.submitted_at is not None for row in rows)
    return render(request, "reviews/sample.html", {"sample": found, "card": card, "rows": rows, "done": done})


@for_reviewers
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HtmxRequest, card_pk: int, pk: int) -> HttpResponse:
    """The call with the form beside it. `submit` in what is sent: for good, and for the agent to see."""
    user = user_of(request)
    card = get_object_or_404(Scorecard, pk=card_pk)
    calls = recordings_visible_to(user).select_related("agent__team", "source").exclude(agent=None)
    recording = get_object_or_404(calls.filter(outcome=Recording.Outcome.TWO_SIDED), pk=pk)
    review = Review.objects.filter(scorecard=card, recording=recording).select_related("by").first()
    if review and (review.submitted_at or review.by != user):
        return _to("review", review.pk)
    review = review or Review(scorecard=card, recording=recording, agent=recording.agent, by=user)
    questions = list(card.questions.all())
    suggestions = reads.suggestions(questions, recording)
    form = ReviewForm(questions, suggestions, review, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        review.comment = form.cleaned_data["comment"]
        submitted = "submit" in request.POST
        reviewing.judge(review, form.answers(), suggestions, submit=submitted)
        audit.record(request, Action.SHARED if submitted else Action.CHANGED, review)
        return _to("review", review.pk)
    audit.record_once(request, Action.OPENED, recording)
    context = {"card": card, "form": form, "suggestions": suggestions} | shown_call(request, recording)
    return render(request, "reviews/judge.html", context)


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One review to read."""
    user = user_of(request)
    seen = reads.reviews_visible_to(user).filter(pk=pk)
    shown = next(iter(reads.judged(seen)), None)
    if shown is None:
        raise Http404("No such review")
    audit.record_once(request, Action.OPENED, shown.review)
    may_go_on = user.may_review and shown.review.submitted_at is None and shown.review.by == user
    answers = shown.review.answers.all()
    return render(request, "reviews/review.html", {"shown": shown, "answers": answers, "may_go_on": may_go_on})


def _hub(request: HttpRequest, form: SampleForm | None = None) -> HttpResponse:
    user = user_of(request)
    period = period_of(user, request.GET)
    scope = scope_of(user, period, request.GET)
    seen = reads.reviews_visible_to(user)
    page = Paginator(seen, REVIEWS_PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "found": reads.judged(seen.filter(pk__in=[one.pk for one in page])),
    }
    if user.may_review:
        cards = reads.scorecards_in_use()
        context |= {
            "cards": cards,
            "samples": reads.samples(user)[:SAMPLES],
            "form": form or SampleForm(cards, initial={"seed": secrets.randbelow(MOST_SEED)}),
        }
    return render(request, "reviews/reviews.html", context | header(scope, period))


def _to(name: str, *args: object) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=args))
