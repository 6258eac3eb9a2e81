"""Scorecards: make and change a form, see what its reviews come to, and what they would with other weights."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from analytics import reviewing
from analytics.models import Scorecard
from analytics.queries import reviews as reads
from analytics.review_forms import NameForm, WeightsForm, questions_of, reshaped, rows_of
from analytics.scoring import section_shares
from transcription import audit
from transcription.models import Action
from transcription.views.access import for_reviewers, user_of


@require_safe
@for_reviewers
def scorecard(request: HttpRequest, pk: int) -> HttpResponse:
    """A version with the means of its reviews by agent. With weights in the address, also the means by those."""
    card = get_object_or_404(Scorecard, pk=pk)
    seen = reads.reviews_visible_to(user_of(request)).filter(scorecard=card, submitted_at__isnull=False)
    questions = list(card.questions.all())
    asked = any(name.startswith("question-") for name in request.GET)
    form = WeightsForm(questions, request.GET if asked else None)
    found = reads.judged(seen)
    context: dict[str, Any] = {
        "card": card,
        "questions": questions,
        "shares": section_shares((one.section, one.weight) for one in questions if one.kind != "text"),
        "versions": Scorecard.objects.filter(lineage=card.lineage),
        "everybody": reads.mean_of(_("All agents"), found),
        "rows": reads.means_by_agent(found),
        "form": form,
    }
    if asked and form.is_valid():
        context["standings"] = reads.what_if(seen, form.weights())
    return render(request, "reviews/scorecard.html", context)


@for_reviewers
@require_http_methods(["GET", "HEAD", "POST"])
def scorecard_new(request: HttpRequest) -> HttpResponse:
    return _build(request, Scorecard())


@for_reviewers
@require_http_methods(["GET", "HEAD", "POST"])
def scorecard_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the newest version can be changed."""
    return _build(request, get_object_or_404(Scorecard, pk=pk, retired=False))


def _build(request: HttpRequest, card: Scorecard) -> HttpResponse:
    """`more` or `without` in what is sent: the same form with a row more or less, and nothing is saved."""
    sent = request.POST if request.method == "POST" else None
    used = bool(card.pk) and card.reviews.exists()
    name = card.name
    form, rows = NameForm(sent, instance=card), rows_of(card, sent)
    if sent is not None and not sent.keys().isdisjoint(("more", "without")):
        form, rows = NameForm(initial={"name": sent.get("name", "")}), reshaped(sent)
    elif sent is not None and form.is_valid() and rows.is_valid():
        action = Action.CHANGED if card.pk else Action.ADDED
        saved = reviewing.revise(card, form.cleaned_data["name"], questions_of(rows), user_of(request))
        audit.record(request, action, saved)
        return HttpResponseRedirect(reverse("scorecard", args=[saved.pk]))
    return render(
        request, "reviews/builder.html", {"card": card, "name": name, "form": form, "rows": rows, "used": used}
    )
