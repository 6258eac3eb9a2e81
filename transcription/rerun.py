"""Finished calls heard again: all of it, or from a stage on, with other settings."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from .models import Recording, Run, User
from .runs import BUSY, RunSettings, begin, reopen, wait
from .tasks import process_recording


def rerun(
    recordings: Iterable[Recording],
    from_stage: str,
    asked: RunSettings,
    *,
    by: User | None = None,
    reason: str = "",
    trial: bool = False,
) -> list[Run]:
    """Open a run of each recording and defer its job. Those that are waiting or at work already are left out.

    The runs that the calls have stay; each new one becomes current when it is done, unless it is a `trial`.
    """
    started = (_start(recording, from_stage, asked, by=by, reason=reason, trial=trial) for recording in recordings)
    return [run for run in started if run]


def _start(recording: Recording, from_stage: str, asked: RunSettings, **about: Any) -> Run | None:
    with transaction.atomic():
        run = begin(recording, from_stage, asked, **about)
        if run:
            process_recording.defer(recording_id=recording.pk)
        return run


def resume(run: Run) -> bool:
    """Have a failed run tried again from the stage that failed. False: it is not the newest one, or did not fail."""
    with transaction.atomic():
        held = Recording.objects.select_for_update().filter(pk=run.recording_id).exclude(status__in=BUSY).first()
        newest = held and held.runs.order_by("-number").first()
        if not held or not newest or newest.pk != run.pk or not newest.error:
            return False
        reopen([held])
        wait(held)
        process_recording.defer(recording_id=held.pk)
        return True
