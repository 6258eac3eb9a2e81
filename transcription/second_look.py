"""Two speeds: which calls, heard with the quick model, are worth hearing again with the larger one, and why."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from .models import Recording, Removal, Run, removed
from .runs import BUSY, RunSettings, begin

AT_ONCE = 10
"""A call received meanwhile waits for no more than one of them, but the list of what waits stays short."""

UNSURE_ROLES = 0.7
UNSURE_WORDS = 0.6
"""Mean probability of a call's words below which the quick model is not trusted.

With tiny.en and the alignment head, 8 clean calls have 0.69 to 0.78 (3 to 12 % of the words wrong); in noise at 10 dB
0.58 to 0.69 (9 to 33 %), at 3 dB 0.47 to 0.57 (20 % to all); played backwards, as what is no English, 0.11 to 0.42.
"""

DISPUTED, ROLES, WORDS, SAMPLED = "disputed", "uncertain roles", "uncertain words", "sampled"


def two_speeds() -> bool:
    """Whether this site has a quick model beside the larger one."""
    return settings.FIRST_WHISPER_MODEL not in ("", settings.WHISPER_MODEL)


def candidates() -> QuerySet[Recording]:
    """Calls known from the quick model only that should be heard again, with their `why`; disputed ones first."""
    quick = Q(status=Recording.Status.DONE, current_run__asked__model=settings.FIRST_WHISPER_MODEL)
    unsure = Q(outcome=Recording.Outcome.TWO_SIDED, role_confidence__lt=UNSURE_ROLES, roles_confirmed_at=None)
    whys: Final = (
        When(disputed_at__isnull=False, then=Value(DISPUTED)),
        When(unsure, then=Value(ROLES)),
        When(current_run__word_probability__lt=UNSURE_WORDS, then=Value(WORDS)),
        When(_sampled(settings.SECOND_LOOK_SHARE), then=Value(SAMPLED)),
    )
    larger = Run.objects.filter(asked__model=settings.WHISPER_MODEL, trial=False).values("recording")
    return (
        Recording.objects.filter(quick)
        .exclude(pk__in=larger)
        .exclude(removed(Removal.What.AUDIO))
        .exclude(removed(Removal.What.TRANSCRIPT))
        .annotate(why=Case(*whys, default=None, output_field=CharField()))
        .exclude(why=None)
        .order_by(F("disputed_at").asc(nulls_last=True), "-pk")
    )


def begin_some() -> list[int]:
    """Open runs with the larger model while nothing else waits; the caller defers a job for each recording returned."""
    if not two_speeds() or Recording.objects.filter(status__in=BUSY).exists():
        return []
    asked = RunSettings(model=settings.WHISPER_MODEL)
    with transaction.atomic():
        chosen = [(recording, str(recording.why)) for recording in candidates()[:AT_ONCE]]  # type: ignore[attr-defined]
        return [recording.pk for recording, why in chosen if begin(recording, Run.Stage.RECOGNIZING, asked, reason=why)]


def _sampled(share: float) -> Q:
    """The share of calls whose content hash comes first: the same calls whoever asks, whenever."""
    bound = round(share * 16**16)
    return Q(sha256__lt=f"{bound:016x}" if bound < 16**16 else "g")
