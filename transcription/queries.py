"""What pages read, and who may read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from .models import Agent, Batch, Recording, User

ROWS_SHOWN = 200
"""A batch may hold thousands of recordings, and its page is fetched every two seconds."""

Status = Recording.Status
MOST_INTERESTING = (Status.PROCESSING, Status.FAILED, Status.WAITING, Status.DONE)


@dataclass(frozen=True, slots=True)
class RecordingProgress:
    """`percent`: of the current stage, None unless processing. `elapsed`: since it was claimed, None before."""

    recording: Recording
    percent: int | None
    elapsed: timedelta | None


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How many recordings are how far, and the most interesting rows: at work, failed, waiting, then done."""

    received: int
    waiting: int
    processing: int
    done: int
    failed: int
    rows: tuple[RecordingProgress, ...]

    @property
    def is_finished(self) -> bool:
        return self.waiting + self.processing == 0

    @property
    def percent(self) -> int:
        return 100 * (self.done + self.failed) // self.received if self.received else 100

    @property
    def not_shown(self) -> int:
        return self.received - len(self.rows)


def recordings_visible_to(user: User | AnonymousUser) -> QuerySet[Recording]:
    """Administrators: all. Supervisors: of agents in their teams, and their own uploads as long as those have no agent.

    Agents: their own calls. Everybody else: none.
    """
    if not isinstance(user, User):
        return Recording.objects.none()
    if user.is_administrator:
        return Recording.objects.all()
    if user.role == User.Role.SUPERVISOR:
        own_unassigned = Q(agent=None, batch__created_by=user)
        return Recording.objects.filter(Q(agent__team__in=user.teams.all()) | own_unassigned)
    return Recording.objects.filter(agent=user.agent_id) if user.agent_id else Recording.objects.none()


def agents_managed_by(user: User) -> QuerySet[Agent]:
    """Whom `user` may give recordings to."""
    if user.is_administrator:
        return Agent.objects.select_related("team")
    if user.role == User.Role.SUPERVISOR:
        return Agent.objects.select_related("team").filter(team__in=user.teams.all())
    return Agent.objects.none()


def batches_visible_to(user: User) -> QuerySet[Batch]:
    """Administrators: all. Supervisors: their own."""
    if user.is_administrator:
        return Batch.objects.all()
    return user.batches.all() if user.role == User.Role.SUPERVISOR else Batch.objects.none()


def with_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """Batches with the numbers `received`, `unfinished`, `done` and `failed`."""
    return (
        batches.select_related("created_by")
        .annotate(
            received=Count("recordings"),
            unfinished=_count(Status.WAITING, Status.PROCESSING),
            done=_count(Status.DONE),
            failed=_count(Status.FAILED),
        )
        .order_by("-created_at", "-pk")
    )


def batch_progress(batch: Batch) -> BatchProgress:
    """How far `batch` is, in two queries whatever its size."""
    counts = dict(batch.recordings.order_by().values_list("status").annotate(Count("pk")))
    order = Case(*(When(status=status, then=at) for at, status in enumerate(MOST_INTERESTING)), default=0)
    recordings = batch.recordings.select_related("agent").defer("activity", "peaks").order_by(order, "pk")[:ROWS_SHOWN]
    return BatchProgress(
        received=sum(counts.values()),
        waiting=counts.get(Status.WAITING, 0),
        processing=counts.get(Status.PROCESSING, 0),
        done=counts.get(Status.DONE, 0),
        failed=counts.get(Status.FAILED, 0),
        rows=tuple(_rows(recordings, timezone.now())),
    )


def _rows(recordings: Iterable[Recording], now: datetime) -> Iterator[RecordingProgress]:
    for recording in recordings:
        at_work = recording.status == Status.PROCESSING
        percent = min(100, round(100 * recording.progress)) if at_work else None
        yield RecordingProgress(recording, percent, _elapsed(recording, now))


def _elapsed(recording: Recording, now: datetime) -> timedelta | None:
    if not recording.claimed_at or recording.status == Status.WAITING:
        return None
    until = now if recording.status == Status.PROCESSING else recording.finished_at
    return until - recording.claimed_at if until else None


def _count(*statuses: Status) -> Count:
    return Count("recordings", filter=Q(recordings__status__in=statuses))
