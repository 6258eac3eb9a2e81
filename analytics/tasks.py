"""Entry points of the jobs: ids in, nothing if already done, one call."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from . import measure, rollups

SWEPT_AT_ONCE = 500


@app.task(queue="upkeep", priority=20)
def measure_recording(recording_id: int) -> None:
    measure.measure(recording_id)


@app.periodic(cron="*/3 * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="repair_measurements")
def repair_measurements(timestamp: int) -> None:
    """Measure what could not be measured when it was announced, and follow changes that announce nothing."""
    for recording_id in measure.outdated().values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        enqueue(recording_id)
    rollups.recompute(rollups.disagreeing())


def enqueue(recording_id: int) -> None:
    """Have a recording measured, unless that is waiting to be done already."""
    try:
        measure_recording.configure(queueing_lock=f"measure {recording_id}").defer(recording_id=recording_id)
    except AlreadyEnqueued:
        return
