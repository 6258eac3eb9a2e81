"""How every job runs in a worker."""

from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext

from transcription.logs import about


async def with_log_facts(call_next: Callable[[], Awaitable[Any]], context: JobContext, *_: object) -> Any:
    """Worker middleware: every line that is logged during a job names the job and its recording."""
    job = context.job
    recording = {name.removesuffix("_id"): value for name, value in job.task_kwargs.items() if name == "recording_id"}
    with about(job=job.id, task=job.task_name.rpartition(".")[2], **recording):
        return await call_next()


def without_idle_connection(call_next: Callable[[], Any], *_: object) -> Any:
    """Task middleware: close the thread's database connections after the job.

    Django does so after each request; in a worker nobody else would, and a connection that a restart of the server
    broke in the meantime would fail the next job.
    """
    from django.db import connections  # noqa: PLC0415  settings.py imports this module before Django is ready

    try:
        return call_next()
    finally:
        connections.close_all()
