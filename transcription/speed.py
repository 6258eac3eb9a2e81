"""How fast this installation works, from what it did lately. Nothing is assumed: unmeasured is None."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from . import jobs
from .models import Recording, Run

LATELY = 50
"""Calls; older ones may have been processed with other models or on another machine."""


@dataclass(frozen=True, slots=True)
class Speed:
    """`factor`: seconds of work per second of audio over the last `calls` calls, None before the first."""

    factor: float | None
    calls: int
    workers: int

    @property
    def an_hour(self) -> float | None:
        """Seconds of one worker's work for an hour of audio."""
        return self.factor * 3600 if self.factor is not None else None

    def seconds(self, audio: float) -> float | None:
        """Wall seconds that `audio` seconds take with all workers at it; None if nothing tells."""
        return audio * self.factor / self.workers if self.factor is not None and self.workers else None


def measured() -> Speed:
    rows = _recent()
    worked, heard = sum(sum(stages.values()) for stages, _ in rows), sum(duration for _, duration in rows)
    return Speed(worked / heard if heard else None, len(rows), jobs.workers())


def stages() -> dict[str, float]:
    """Stage -> its seconds of work per second of audio over the same calls; they add up to `measured().factor`.

    In the order of the work, without stages that took none. Calls that need no diarizing count with none of it.
    """
    rows = _recent()
    heard = sum(duration for _, duration in rows)
    order = [stage for parts in _PARTS.values() for stage in parts]
    worked = {stage: sum(seconds.get(stage, 0.0) for seconds, _ in rows) for stage in order}
    return {stage: seconds / heard for stage, seconds in worked.items() if seconds}


def _recent() -> list[tuple[dict[str, float], float]]:
    recent = Recording.objects.filter(status=Recording.Status.DONE, duration__gt=0).exclude(stage_seconds={})
    return list(recent.order_by("-finished_at").values_list("stage_seconds", "duration")[:LATELY])


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes per second of audio. `database`: None under CALLS_TO_TELL calls, for an empty one takes some, too."""

    sound: float | None
    database: float | None

    @property
    def megabytes_an_hour(self) -> tuple[float | None, float | None]:
        """Sound, database."""
        sound, database = (None if each is None else each * 3600 / 1e6 for each in (self.sound, self.database))
        return sound, database


def space() -> Space:
    """What the last calls' files take, and what the database takes for as much audio, all tables and indexes of it."""
    newest = Recording.objects.filter(duration__gt=0).order_by("-pk").values_list("bytes", "duration")[:LATELY]
    size, heard = (sum(column) for column in zip(*newest, strict=True)) if newest else (0, 0.0)
    if not heard:
        return Space(None, None)
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, [Recording._meta.db_table])  # noqa: SLF001
        whole, calls = cursor.fetchone()
    a_call = heard / len(newest)
    return Space(size / heard, whole / calls / a_call if calls >= CALLS_TO_TELL else None)


CALLS_TO_TELL = 1000
_SIZES = """SELECT pg_database_size(current_database()), (SELECT reltuples FROM pg_class WHERE oid = %s::regclass)"""
"""`reltuples` is the number of rows when the table was last analysed; counting a million takes too long for a page."""


def backlog() -> float:
    """Seconds of audio that wait or are at work."""
    unfinished = Recording.objects.filter(status__in=(Recording.Status.WAITING, Recording.Status.PROCESSING))
    return float(unfinished.aggregate(audio=Sum("duration"))["audio"] or 0.0)


def by_stage(model: str) -> dict[str, float | None]:
    """Seconds of work per second of audio for a run from each stage on, as the newest runs with a Whisper model took.

    What follows the words takes the same with every model, but nothing is assumed: unmeasured is None.
    """
    runs = Run.objects.filter(asked__model=model, error="", finished_at__isnull=False, recording__duration__gt=0)
    rows = list(
        runs.order_by("-finished_at").values_list("from_stage", "stage_seconds", "recording__duration")[:LATELY]
    )
    order = list(Run.Stage.values)
    costs = [_cost([row for row in rows if order.index(row[0]) <= at], stage) for at, stage in enumerate(order)]
    return {
        stage: None if None in costs[at:] else sum(cost for cost in costs[at:] if cost is not None)
        for at, stage in enumerate(order)
    }


_PARTS: dict[str, tuple[str, ...]] = {
    Run.Stage.RECOGNIZING: ("decoding", "recognizing", "aligning"),
    Run.Stage.DIARIZING: ("diarizing",),
    Run.Stage.SCORING: ("scoring",),
}


def _cost(rows: list[tuple[str, dict[str, float], float]], stage: str) -> float | None:
    """Of one stage alone; calls with a channel for each party need no diarizing, and count with none."""
    audio = sum(duration for _, _, duration in rows)
    worked = sum(seconds.get(part, 0.0) for _, seconds, _ in rows for part in _PARTS[stage])
    return worked / audio if audio else None
