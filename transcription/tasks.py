"""Entry points of the jobs: ids in, nothing if already done, one call.

Three queues by what a job needs: `speech` hears calls and takes long, `text` reads with the sentence model alone,
`upkeep` needs no model. A worker does one job of the first and one of the two others at a time.
"""

import time

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from . import arrivals, learning, processing, rescoring, retention, runs, second_look

MAX_ATTEMPTS = 3
REMEMBERED_HOURS = 7 * 24
"""How long a job that ended well stays on record; those that failed stay."""
UNHURRIED = -5
"""Below recordings that were just received (0)."""


@app.task(
    queue="speech",
    pass_context=True,
    retry=RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=10, retry_exceptions=[processing.RetryLater]),
)
def process_recording(context: JobContext, recording_id: int) -> None:
    job, attempt = context.job, context.job.attempts + 1
    stopping = context.should_abort
    try:
        processing.process(
            recording_id, job_id=job.id or 0, attempt=attempt, max_attempts=MAX_ATTEMPTS, stopping=stopping
        )
    except processing.HandedBack:  # a new job: stopping a worker is no failed attempt
        process_recording.configure(priority=job.priority).defer(recording_id=recording_id)


@app.task(queue="text", priority=10)
def score_corrected(recording_id: int, *, everything: bool = False) -> None:
    rescoring.score_corrected(recording_id, everything=everything)


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(timestamp: int) -> None:
    """Jobs whose worker died (no heartbeat) run again; they keep their id, so they can claim their recording again."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="requeue_lost_recordings")
def requeue_lost_recordings(timestamp: int) -> None:
    for recording in processing.lost(process_recording.name):
        runs.wait(recording)
        process_recording.defer(recording_id=recording.pk)


@app.periodic(cron="17 * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="sweep_drafts")
def sweep_drafts(timestamp: int) -> None:
    arrivals.sweep()


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="hear_again")
def hear_again(timestamp: int) -> None:
    """While nothing waits: calls that the quick model may not do justice are heard with the larger one."""
    for recording_id in second_look.begin_some():
        process_recording.configure(priority=UNHURRIED).defer(recording_id=recording_id)


@app.task(queue="speech", priority=-10)
def learn_voice(recording_id: int) -> None:
    learning.learn_voice(recording_id)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="upkeep", priority=10, queueing_lock="forget_voices")
def forget_voices(timestamp: int) -> None:
    learning.forget_voices()


@app.periodic(cron="37 3 * * *")
@app.task(queue="upkeep", priority=-10, queueing_lock="forget_jobs")
async def forget_jobs(timestamp: int) -> None:
    """Some thousand jobs end each day; without this the queue's tables would only grow."""
    await app.job_manager.delete_old_jobs(REMEMBERED_HOURS, include_cancelled=True)


@app.task(queue="rehearsal")
def rehearse(seconds: float) -> None:
    """Stands for a call where `manage.py rehearse` measures the queue."""
    time.sleep(seconds)


@app.periodic(cron="11 2 * * *")
@app.task(queue="upkeep", priority=-10, queueing_lock="remove_due")
def remove_due(timestamp: int) -> None:
    """Some calls; the next job takes the next ones, other work between them."""
    if retention.remove_some():
        remove_due.configure(queueing_lock="remove_due").defer(timestamp=timestamp)
