"""How far the recordings of a batch are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Max, Min, Q, Sum, When
from django.utils import timezone

from . import speed
from .models import Batch, Recording, Run

ROWS_PER_PAGE = 100
SETTLES_WITHIN = timedelta(minutes=5)

Status = Recording.Status
MOST_INTERESTING = (Status.PROCESSING, Status.FAILED, Status.WAITING, Status.CANCELLED, Status.DONE)


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """`percent`: of the current stage, None unless processing. `elapsed`: since it was claimed, None before.

    `left`: until it is done at the measured speed, None unless processing, or while nothing was measured.
    """

    recording: Recording
    percent: int | None
    elapsed: timedelta | None
    left: timedelta | None


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How many recordings are how far, and one page of them: at work, failed, waiting, cancelled, then done.

    `elapsed`: from the first claim until now, or until the last one finished. `left`: of the batch as if nothing else
    waited, None if nothing tells. `is_settled`: so long after the last one that waiting for numbers has no use.
    `shown`: how many there are with the chosen status.
    """

    received: int
    waiting: int
    processing: int
    done: int
    failed: int
    cancelled: int
    transcribed: int
    diarized: int
    measured: int
    elapsed: timedelta | None
    left: timedelta | None
    speed: speed.Speed
    is_settled: bool
    status: str
    shown: int
    page: int
    rows: tuple[RecordingProgress, ...]

    @property
    def is_finished(self) -> bool:
        """Nothing is expected to change by itself any more; a finished call is measured moments later."""
        return self.unfinished == 0 and (self.measured == self.done or self.is_settled)

    @property
    def finished(self) -> int:
        return self.received - self.unfinished

    @property
    def percent(self) -> int:
        return 100 * self.finished // self.received if self.received else 100

    @property
    def quarters(self) -> int:
        """How many quarters are finished: as often as it is worth being told aloud."""
        return self.percent // 25

    @property
    def unfinished(self) -> int:
        return self.waiting + self.processing

    @property
    def funnel(self) -> tuple[tuple[str, int], ...]:
        steps = ("received", "transcribed", "diarized", "measured")
        return tuple((step, getattr(self, step)) for step in steps)

    @property
    def statuses(self) -> tuple[tuple[str, int], ...]:
        """The statuses that some recordings have."""
        counted = ((status.value, getattr(self, status.value)) for status in MOST_INTERESTING)
        return tuple((status, count) for status, count in counted if count)

    @property
    def pages(self) -> int:
        return -(-self.shown // ROWS_PER_PAGE) or 1


def batch_progress(batch: Batch, *, status: str = "", page: int = 1) -> BatchProgress:
    """How far `batch` is, in four queries whatever its size. A `status` that is none shows all."""
    now, pace = timezone.now(), speed.measured()
    counts = _counts(batch)
    first, last, audio = counts.pop("first"), counts.pop("last"), counts.pop("audio")
    chosen = status if status in Status.values else ""
    shown = counts[chosen or "received"]
    page = max(1, min(page, -(-shown // ROWS_PER_PAGE)))
    unfinished = counts["waiting"] + counts["processing"]
    until = now if unfinished else last
    left = pace.seconds(audio) if audio else None
    return BatchProgress(
        **counts,
        elapsed=until - first if first and until else None,
        left=None if left is None else timedelta(seconds=left),
        speed=pace,
        is_settled=last is None or now - last > SETTLES_WITHIN,
        status=chosen,
        shown=shown,
        page=page,
        rows=tuple(_rows(_on_page(batch, chosen, page), now, pace)),
    )


def _counts(batch: Batch) -> dict[str, Any]:
    done = Q(status=Status.DONE)
    working = Q(status=Status.PROCESSING)
    runs = Run.objects.filter(recording__batch=batch, finished_at=None).values("recording")
    heard, diarized = runs.filter(heard__isnull=False), runs.filter(diarized__isnull=False)
    return batch.recordings.order_by().aggregate(
        received=Count("pk"),
        **{status: Count("pk", filter=Q(status=status)) for status in Status.values},
        transcribed=Count("pk", filter=done | working & Q(pk__in=heard)),
        diarized=Count("pk", filter=done | working & (Q(stage="scoring") | Q(pk__in=diarized))),
        measured=Count("pk", filter=done & Q(measured_at__isnull=False)),
        first=Min("claimed_at"),
        last=Max("finished_at"),
        audio=Sum("duration", filter=Q(status=Status.WAITING) | working),
    )


def _on_page(batch: Batch, status: str, page: int) -> Iterable[Recording]:
    order = Case(*(When(status=status, then=at) for at, status in enumerate(MOST_INTERESTING)), default=0)
    found = batch.recordings.select_related("agent").defer("activity", "peaks").order_by(order, "pk")
    if status:
        found = found.filter(status=status)
    return found[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]


def _rows(recordings: Iterable[Recording], now: datetime, pace: speed.Speed) -> Iterator[RecordingProgress]:
    for recording in recordings:
        at_work = recording.status == Status.PROCESSING
        percent = min(100, round(100 * recording.progress)) if at_work else None
        elapsed = _elapsed(recording, now)
        left = None
        if at_work and elapsed is not None and pace.factor is not None:
            left = max(timedelta(), timedelta(seconds=recording.duration * pace.factor) - elapsed)
        yield RecordingProgress(recording, percent, elapsed, left)


def _elapsed(recording: Recording, now: datetime) -> timedelta | None:
    if not recording.claimed_at or recording.status == Status.WAITING:
        return None
    until = now if recording.status == Status.PROCESSING else recording.finished_at
    return until - recording.claimed_at if until else None
