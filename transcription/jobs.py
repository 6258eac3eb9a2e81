"""The jobs of all queues, counted: what waits, for how long, and who is at work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

_WORKER = "verbatim worker"


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


def worker_name(queues: Iterable[str], process: str) -> str:
    """What a worker calls its connections to the database; PostgreSQL keeps 63 letters."""
    return f"{_WORKER} {'+'.join(sorted(queues))} {process}"[:63]


def workers(queue: str = "speech") -> int:
    """How many can take a call now, or a job of another queue that they name first, by their connections' names.

    Procrastinate's own list does not say which queues a worker takes jobs from.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT application_name) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE %s",
            [f"{_WORKER} {queue}%"],
        )
        return int(cursor.fetchone()[0])
