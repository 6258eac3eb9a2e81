import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from procrastinate.types import JSONDict

from transcription import jobs, speed
from transcription.tasks import rehearse

PATIENCE = 300
JOBS_PER_CALL = 3
"""Hear it, measure it, collect its questions."""
CALL_HOURS = 0.1


class Command(BaseCommand):
    help = (
        "Measure what the queue itself costs: jobs that only wait, done by more and more workers of this machine, on "
        "this site's database. Then what that means for a fleet of workers and some hours of audio."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", nargs="+", type=int, default=[1, 2, 4])
        parser.add_argument("--jobs", type=int, default=100, help="for each worker")
        parser.add_argument("--seconds", type=float, default=0.1, help="that a job waits")
        parser.add_argument("--fleet", type=int, default=100, help="workers to calculate for")
        parser.add_argument("--hours", type=float, default=5000, help="of audio to calculate for")
        parser.add_argument("--factor", type=float, help="seconds of work for one of audio; default: as measured")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("workers  jobs/s  of ideal  ms a job")
        rates = [self._measured(number, options["jobs"] * number, options["seconds"]) for number in options["workers"]]
        factor = options["factor"] or speed.measured().factor
        if factor is None:
            self.stdout.write("No call was processed here yet, so nothing tells how fast a worker is: give --factor.")
            return
        self._calculate(max(rates), factor, options["fleet"], options["hours"])

    def _measured(self, workers: int, count: int, seconds: float) -> float:
        """Jobs a second."""
        with _workers(workers):
            arguments: list[JSONDict] = [{"seconds": seconds}] * count
            numbers = rehearse.configure().batch_defer(*arguments)
            elapsed = _elapsed(numbers)
        rate, ideal = count / elapsed, workers / seconds
        cost = 1000 * (workers / rate - seconds)
        self.stdout.write(f"{workers:7}  {rate:6.1f}  {rate / ideal:8.0%}  {cost:8.1f}")
        return rate

    def _calculate(self, rate: float, factor: float, fleet: int, hours: float) -> None:
        took = hours * factor / fleet
        needed = JOBS_PER_CALL * hours / CALL_HOURS / (took * 3600)
        self.stdout.write(
            f"{hours:,.0f} hours of audio, {factor:.3f} s of work for each second of it: {took:,.1f} hours with "
            f"{fleet} workers.\nIn calls of six minutes that is {needed:.1f} jobs a second; {rate:.1f} were seen here."
        )


@contextmanager
def _workers(number: int) -> Iterator[None]:
    """So many that listen and have nothing else to do."""
    command = [sys.executable, "manage.py", "worker", "--queues", rehearse.queue]
    started = [subprocess.Popen(command, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL) for _ in range(number)]  # noqa: S603
    try:
        _until(lambda: jobs.workers(rehearse.queue) == number)
        yield
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait()


def _elapsed(numbers: list[int]) -> float:
    """Seconds from the first one's start to the last one's end, when all are done."""
    with connection.cursor() as cursor:

        def done() -> bool:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'succeeded'", [numbers]
            )
            return bool(cursor.fetchone()[0] == len(numbers))

        _until(done)
        cursor.execute(
            "SELECT extract(epoch FROM max(at) - min(at)) FROM procrastinate_events "
            "WHERE job_id = ANY(%s) AND type IN ('started', 'succeeded')",
            [numbers],
        )
        return float(cursor.fetchone()[0])


def _until(condition: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise CommandError("The workers did not do their jobs; see what `manage.py worker` says.")
        time.sleep(0.2)
