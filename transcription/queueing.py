"""The jobs of recordings that were taken in: again, not at all, sooner."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONDict

from .models import Recording
from .runs import give_up, reopen, wait
from .tasks import process_recording

Status = Recording.Status

STOPPED = (Status.FAILED, Status.CANCELLED)
UNFINISHED = (Status.WAITING, Status.PROCESSING)
URGENT = 5
"""Above other recordings (0), below upkeep (10) and measuring (20), which are quick."""


def start_again(recordings: QuerySet[Recording], statuses: Collection[str] = STOPPED) -> int:
    """Give those that failed or were cancelled (of these `statuses`) a new job each; returns how many."""
    with transaction.atomic():
        stopped = list(recordings.filter(status__in=set(statuses) & set(STOPPED)).select_for_update(of=("self",)))
        reopen(stopped)
        for recording in stopped:
            wait(recording)
        if stopped:
            arguments: list[JSONDict] = [{"recording_id": recording.pk} for recording in stopped]
            process_recording.configure().batch_defer(*arguments)
    return len(stopped)


def cancel(recordings: QuerySet[Recording]) -> int:
    """Stop the unfinished ones: waiting ones at once, those at work where their next stage begins; returns how many.

    Nobody holds the claim any more, so that whoever is at work finds it lost, and the waiting jobs find nothing to do.
    A call that was being heard again keeps the transcript that it has, and is done.
    """
    stopped = {"job_id": None, "stage": "", "progress": 0, "error": ""}
    with transaction.atomic():
        unfinished = recordings.filter(status__in=UNFINISHED)
        again = list(unfinished.filter(current_run__isnull=False).values_list("pk", flat=True))
        give_up(again, "Cancelled.")
        kept = Recording.objects.filter(pk__in=again, status__in=UNFINISHED).update(status=Status.DONE, **stopped)
        return kept + unfinished.update(status=Status.CANCELLED, finished_at=timezone.now(), **stopped)


def hurry(recording: Recording) -> bool:
    """Put a waiting recording before all others that wait. False: it is not waiting (any more).

    Procrastinate cannot change the priority of a waiting job, so its job makes room for one that has it from the start.
    """
    jobs = ProcrastinateJob.objects.filter(
        task_name=process_recording.name, status="todo", args__recording_id=recording.pk
    )
    with transaction.atomic():
        waiting = Recording.objects.select_for_update().filter(pk=recording.pk, status=Status.WAITING)
        if not waiting.exists():
            return False
        held = list(jobs.values_list("pk", flat=True))
        if not any(app.job_manager.cancel_job_by_id(job, delete_job=True) for job in held):
            return False
        process_recording.configure(priority=URGENT).defer(recording_id=recording.pk)
        return True
