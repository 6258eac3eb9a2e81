"""All questions grouped anew: a sample makes the topics, every question joins the nearest."""

from typing import Final

import numpy as np
from django.db import connection, transaction
from django.db.models import F, Func, Q, QuerySet
from django.utils import timezone

from analytics import rollups
from analytics.models import Grouping, Question, Topic
from transcription import wiring
from transcription.speech.ports import Meanings

from .joining import hold_topics, join_all
from .naming import name_topics

SAMPLE: Final = 6000
"""Questions that make the topics: time (7 s) and memory (under 1 GB) of linkage grow with their square. Joining 100,000
questions to 222 topics took 25 s more, on one core."""
SAME: Final = 0.8
"""Cosine of centres from which on a group is the topic of the last grouping."""
FIRST: Final = 20
"""Questions worth a first grouping."""

DECIDED: Final = Q(renamed=True) | Q(hidden=True) | Q(merged_into__isnull=False) | Q(merged__isnull=False)


def group() -> Grouping:
    """Group all questions; names, hidden and merged topics stay as people decided. Raises what went wrong, after
    noting it in the row of the run; then nothing has changed."""
    run = Grouping.objects.create(stage="reading")
    try:
        meanings = _sample()
        _show(run, "grouping")
        centres = [_centre(meanings[rows]) for rows in wiring.grouper().group(meanings)]
        _show(run, "joining")
        _store(run, centres)
    except Exception as error:
        Grouping.objects.filter(pk=run.pk).update(error=f"{type(error).__name__}: {error}")
        raise
    return run


def due() -> bool:
    """Whether there are twice as many questions as at the last grouping (FIRST for a first one)."""
    last = Grouping.objects.exclude(finished_at=None).first()
    wanted = max(FIRST, 2 * last.questions if last else 0)
    return bool(grouped_questions().values_list("pk", flat=True)[wanted - 1 : wanted])


def grouped_questions() -> QuerySet[Question]:
    """Those that belong into topics."""
    return Question.objects.filter(small_talk=False).order_by()


def _sample() -> Meanings:
    """At most SAMPLE questions in an order that has nothing to do with their age, always the same."""
    shuffled = grouped_questions().order_by(Func(F("pk"), function="hashint8"), "pk")
    found = shuffled.values_list("meaning", flat=True)[:SAMPLE]
    return np.array(list(found), dtype=np.float32)


def _centre(meanings: Meanings) -> Meanings:
    middle = meanings.mean(axis=0)
    centre: Meanings = middle / np.linalg.norm(middle)
    return centre


def _show(run: Grouping, stage: str) -> None:
    run.stage = stage
    run.save(update_fields=["stage"])
    connection.close()


def _store(run: Grouping, centres: list[Meanings]) -> None:
    with transaction.atomic():
        hold_topics()
        _replace_topics(centres)
        join_all()
        name_topics()
        rollups.recompute_topics()
        run.questions = grouped_questions().count()
        run.grouped = grouped_questions().exclude(topic=None).count()
        run.topics = Topic.objects.filter(questions__isnull=False).distinct().count()
        run.stage, run.finished_at = "", timezone.now()
        run.save()


def _replace_topics(centres: list[Meanings]) -> None:
    """Topics with these centres. One that was there before keeps its row; without a group, only if people decided
    about it."""
    old = list(Topic.objects.all())
    same = _matched(centres, [np.array(topic.centre, dtype=np.float32) for topic in old])
    for new, place in same.items():
        old[place].centre = centres[new]
    Topic.objects.bulk_update([old[place] for place in same.values()], ["centre"])
    kept = {old[place].pk for place in same.values()} | set(Topic.objects.filter(DECIDED).values_list("pk", flat=True))
    Topic.objects.exclude(pk__in=kept).delete()
    Topic.objects.bulk_create(Topic(centre=centre) for new, centre in enumerate(centres) if new not in same)


def _matched(new: list[Meanings], old: list[Meanings]) -> dict[int, int]:
    """New place -> old place, nearest pairs first, each at most once."""
    if not (new and old):
        return {}
    likeness = np.stack(new) @ np.stack(old).T
    pairs = np.argwhere(likeness >= SAME)
    matched: dict[int, int] = {}
    for a, b in sorted(pairs.tolist(), key=lambda pair: -likeness[pair[0], pair[1]]):
        if a not in matched and b not in matched.values():
            matched[a] = b
    return matched
