"""Calls in which a person should say who is the agent."""

from django.db.models import F, Prefetch, QuerySet

from transcription.models import Recording, Removal, Turn, User, removed
from transcription.models.conditions import UNCONFIRMED
from transcription.queries import recordings_visible_to

OPENING = 4
"""Turns that mostly tell who is who."""


def to_confirm(user: User) -> QuerySet[Recording]:
    """The calls that wait for it, of those that `user` may see, newest first; each has its first turns as `opening`."""
    opening = Prefetch("turns", Turn.objects.filter(index__lt=OPENING).order_by("index"), to_attr="opening")
    return (
        recordings_visible_to(user)
        .filter(UNCONFIRMED)
        .exclude(removed(Removal.What.TRANSCRIPT))
        .select_related("agent")
        .defer("peaks", "activity")
        .prefetch_related(opening)
        .order_by(F("started_at").desc(nulls_last=True), "-pk")
    )
