"""How fast this installation works, from what it did lately. Nothing is assumed: unmeasured is None."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from .models import Recording

LATELY = 50
"""Calls; older ones may have been processed with other models or on another machine."""
ALIVE = timedelta(seconds=30)
"""Procrastinate's workers give a sign of life every ten seconds, and count as stalled after thirty without one."""


@dataclass(frozen=True, slots=True)
class Speed:
    """`factor`: seconds of work per second of audio over the last `calls` calls, None before the first."""

    factor: float | None
    calls: int
    workers: int

    def seconds(self, audio: float) -> float | None:
        """Wall seconds that `audio` seconds take with all workers at it; None if nothing tells."""
        return audio * self.factor / self.workers if self.factor is not None and self.workers else None


def measured() -> Speed:
    recent = Recording.objects.filter(status=Recording.Status.DONE, duration__gt=0).exclude(stage_seconds={})
    rows = recent.order_by("-finished_at").values_list("stage_seconds", "duration")[:LATELY]
    worked, heard = sum(sum(stages.values()) for stages, _ in rows), sum(duration for _, duration in rows)
    workers = ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - ALIVE).count()
    return Speed(worked / heard if heard else None, len(rows), workers)


def backlog() -> float:
    """Seconds of audio that wait or are at work."""
    unfinished = Recording.objects.filter(status__in=(Recording.Status.WAITING, Recording.Status.PROCESSING))
    return float(unfinished.aggregate(audio=Sum("duration"))["audio"] or 0.0)
