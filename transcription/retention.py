"""Sound and words removed when the days are over that their source keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from . import audit
from .models import Action, Hold, Recording, Removal, Source, removed
from .removal import AUDIO, TRANSCRIPT, removable, remove_audio, remove_transcript

SOON = timedelta(days=30)
AT_ONCE = 50
"""Calls of one job."""

_DAYS: dict[str, str] = {AUDIO: "source__retention__audio_days", TRANSCRIPT: "source__retention__transcript_days"}
_REMOVE: dict[str, Callable[[Recording, str], None]] = {AUDIO: remove_audio, TRANSCRIPT: remove_transcript}
_BEGAN = Coalesce("started_at", "received_at")


@dataclass(frozen=True, slots=True)
class Preview:
    """Of one source: calls whose sound (or words) goes with the next night, and within 30 days; the oldest's start."""

    source: Source
    what: str
    days: int | None
    due: int
    soon: int
    held: int
    oldest: datetime | None


def due(what: str, at: datetime) -> QuerySet[Recording]:
    """Recordings that at this time have their sound (or words) longer than their source wants, and no hold."""
    return removable(_over(what, at))


def preview(at: datetime) -> list[Preview]:
    """Two lines for each source, sound and words. Nothing is changed."""
    sources = Source.objects.select_related("retention").order_by("name")
    return [_line(source, what, at) for source in sources for what in _DAYS]


def remove_some(at: datetime | None = None, most: int = AT_ONCE) -> int:
    """Remove what is due of `most` calls, each in a transaction of its own; returns how many removals were made.

    Doing it again goes on where it stopped.
    """
    at = at or timezone.now()
    made = {what: sum(_removed(pk, what, at) for pk in _next(what, at, most)) for what in _DAYS}
    if any(made.values()):
        audit.write(Action.DELETED, "retention", audio=made[AUDIO], transcript=made[TRANSCRIPT])
    return sum(made.values())


def _next(what: str, at: datetime, most: int) -> list[int]:
    return list(due(what, at).order_by("pk").values_list("pk", flat=True)[:most])


def _removed(pk: int, what: str, at: datetime) -> bool:
    """False: somebody holds it since, or another job was quicker."""
    with transaction.atomic():
        held = due(what, at).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if held:
            _REMOVE[what](held, Removal.Why.RETENTION)
    return held is not None


def _over(what: str, at: datetime) -> QuerySet[Recording]:
    days = ExpressionWrapper(F(_DAYS[what]) * Value(timedelta(days=1)), output_field=DurationField())
    until = ExpressionWrapper(_BEGAN + days, output_field=DateTimeField())
    kept = Recording.objects.filter(**{f"{_DAYS[what]}__isnull": False}).exclude(removed(what))
    kept = kept.exclude(outcome="") if what == TRANSCRIPT else kept
    return kept.annotate(kept_until=until).filter(kept_until__lte=at)


def _line(source: Source, what: str, at: datetime) -> Preview:
    rule = getattr(source, "retention", None)
    over = _over(what, at).filter(source=source)
    found = removable(over).aggregate(calls=Count("pk"), oldest=Min(_BEGAN))
    return Preview(
        source=source,
        what=what,
        days=getattr(rule, f"{what}_days") if rule else None,
        due=found["calls"],
        soon=due(what, at + SOON).filter(source=source).count() - found["calls"],
        held=over.filter(Exists(Hold.objects.filter(recording=OuterRef("pk")))).count(),
        oldest=found["oldest"],
    )
