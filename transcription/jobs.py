"""The jobs of all queues, counted: what waits, for how long, and who is at work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

ALIVE = timedelta(seconds=30)
"""Procrastinate's workers give a sign of life every ten seconds, and count as stalled after thirty without one."""


@dataclass(frozen=True, slots=True)
class Queue:
    """`failed`: jobs that ended with an error and are still on record. `oldest`: since when the first one that may run
    waits, None if nothing waits."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest: datetime | None

    @property
    def age(self) -> timedelta | None:
        return timezone.now() - self.oldest if self.oldest else None


_QUEUES = """
  WITH counted AS (
       SELECT queue_name,
              count(*) FILTER (WHERE status = 'todo'),
              count(*) FILTER (WHERE status = 'doing'),
              count(*) FILTER (WHERE status = 'failed'),
              min(id) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS first
         FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing', 'failed')
        GROUP BY queue_name)
SELECT counted.*, (SELECT max(at) FROM procrastinate_events WHERE job_id = first)
  FROM counted
 ORDER BY queue_name
"""
"""The last event of a waiting job is when it was deferred, or the time for which it was scheduled."""


def queues() -> list[Queue]:
    """The queues in which something waits, runs or has failed, by name."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES)
        return [
            Queue(name, waiting, running, failed, oldest)
            for name, waiting, running, failed, _, oldest in cursor.fetchall()
        ]


def workers() -> int:
    """How many have given a sign of life lately."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - ALIVE).count()
