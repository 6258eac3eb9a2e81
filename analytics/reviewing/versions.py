"""Forms and their versions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from analytics.models import Scorecard, ScorecardQuestion
from transcription.models import User


def revise(card: Scorecard, name: str, questions: Iterable[Mapping[str, Any]], by: User) -> Scorecard:
    """Save a form (new, or the current version) with these questions, columns of ScorecardQuestion each.

    A version that a review uses, even an unfinished one, stays as it is; the next one takes its place.
    """
    with transaction.atomic():
        held = Scorecard.objects.select_for_update().filter(pk=card.pk).first() or card
        if held.pk and held.reviews.exists():
            Scorecard.objects.filter(pk=held.pk).update(retired=True)
            held = Scorecard(lineage=held.lineage, version=held.version + 1)
        held.name, held.by = name, by
        held.save()
        held.questions.all().delete()
        ScorecardQuestion.objects.bulk_create(
            ScorecardQuestion(scorecard=held, place=place, **values) for place, values in enumerate(questions)
        )
    return held
