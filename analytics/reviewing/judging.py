"""What a reviewer answers."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from analytics.models import Review, ReviewAnswer
from analytics.scoring import Suggestion


def judge(
    review: Review,
    answers: Mapping[int, int | str | None],
    suggestions: Mapping[int, Suggestion],
    *,
    submit: bool,
) -> None:
    """Save a review that is not submitted yet. `answers`: question -> number, text, or None where it does not apply."""
    with transaction.atomic():
        if submit:
            review.submitted_at = timezone.now()
        review.save()
        review.answers.all().delete()
        ReviewAnswer.objects.bulk_create(
            _answer(review, question, given, suggestions.get(question)) for question, given in answers.items()
        )


def _answer(review: Review, question: int, given: int | str | None, suggestion: Suggestion | None) -> ReviewAnswer:
    answer = ReviewAnswer(review=review, question_id=question)
    if isinstance(given, str):
        answer.text = given
    else:
        answer.value = given
    if suggestion:
        answer.suggested, answer.why = suggestion.value, suggestion.why
    return answer
