"""Entry points of the jobs: ids in, nothing if already done, one call."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from . import measure, queries, rescoring, rollups
from .topics import collect, grouping

SWEPT_AT_ONCE = 500
DAYS_AT_ONCE = 5000


@app.task(queue="upkeep", priority=20)
def measure_recording(recording_id: int) -> None:
    measure.measure(recording_id)


@app.periodic(cron="*/3 * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="repair_measurements")
def repair_measurements(timestamp: int) -> None:
    """Measure what could not be measured when it was announced, and follow changes that announce nothing."""
    for recording_id in measure.outdated().values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        enqueue(recording_id)
    for agent, day in rollups.stale(DAYS_AT_ONCE):
        rollups.recompute([(agent, day)])
    if queries.rescoring().running:
        enqueue_rescoring()


@app.task(queue="upkeep", priority=30, lock="rescore_fillers")
def rescore_fillers() -> None:
    """Some of the calls that another filler list counted; the next job takes the next ones, other work between them."""
    if rescoring.rescore_some():
        enqueue_rescoring()


@app.task(queue="text", priority=15)
def collect_questions(recording_id: int) -> None:
    collect.collect(recording_id)


@app.task(queue="text", priority=15, lock="group_questions")
def group_questions() -> None:
    grouping.group()


@app.periodic(cron="*/3 * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="repair_questions")
def repair_questions(timestamp: int) -> None:
    """Collect what was not collected when it was announced, and group when it is worth it."""
    for recording_id in collect.outdated().values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        enqueue_questions(recording_id)
    if grouping.due():
        enqueue_grouping()


def enqueue(recording_id: int) -> None:
    """Have a recording measured."""
    _once(measure_recording, f"measure {recording_id}", recording_id=recording_id)


def enqueue_questions(recording_id: int) -> None:
    """Have a call's questions collected."""
    _once(collect_questions, f"questions {recording_id}", recording_id=recording_id)


def enqueue_grouping() -> None:
    """Have all questions grouped anew."""
    _once(group_questions, "group_questions")


def enqueue_rescoring() -> None:
    """Have the calls that are due counted by the changed filler list."""
    _once(rescore_fillers, "rescore_fillers")


def _once(task: Any, lock: str, **arguments: int) -> None:
    """Defer a job, unless the same is waiting to be done already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.configure(queueing_lock=lock).defer(**arguments)
