"""`manage.py worker` as a process of its own, on the test's database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from transcription import memory
from transcription.tasks import score_corrected

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def worker(transactional_db: None, clean_jobs: None) -> Iterator[Start]:
    """Starts workers; those that still run at the end are killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str, **environment: str) -> subprocess.Popen[str]:
        database = connection.get_connection_params()
        url = f"postgres://{database['user']}@{quote(database['host'], safe='')}/{database['dbname']}"
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "worker", *options],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url, **environment},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def succeeded() -> int:
    return ProcrastinateJob.objects.filter(task_name=score_corrected.name, status="succeeded").count()


def test_a_worker_over_its_limit_starts_anew_after_a_job_and_goes_on(worker: Start) -> None:
    for nobody in range(2):
        score_corrected.defer(recording_id=nobody)
    process = worker("--queues", "speech", "--until-idle", VERBATIM_WORKER_MEMORY_LIMIT="1")
    _, said = process.communicate(timeout=60)
    assert (process.returncode, succeeded(), said.count("starting anew")) == (0, 2, 2)


def test_a_stopped_worker_does_not_start_anew(worker: Start) -> None:
    score_corrected.defer(recording_id=0)
    process = worker("--queues", "speech", VERBATIM_WORKER_MEMORY_LIMIT="0")
    assert eventually(lambda: succeeded() == 1)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "starting anew" in said) == (0, False)


class Stoppable:
    stopped = False

    def stop(self) -> None:
        self.stopped = True


@pytest.mark.parametrize(("held", "limit", "over"), [(1000, 1000, False), (1001, 1000, True), (1001, 0, False)])
def test_only_a_worker_over_its_limit_stops(
    held: int, limit: int, over: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "held", lambda: held)
    settings.WORKER_MEMORY_LIMIT = limit
    watch, running = memory.MemoryWatch(), Stoppable()
    assert watch(lambda: "found", None, running) == "found"
    assert (watch.exceeded, running.stopped) == (over, over)


def test_a_job_that_fails_is_watched_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(memory, "held", lambda: 2)
    settings.WORKER_MEMORY_LIMIT = 1
    watch = memory.MemoryWatch()
    with pytest.raises(ZeroDivisionError):
        watch(fail, None, Stoppable())
    assert watch.exceeded


def test_the_memory_that_is_held_is_measured() -> None:
    before = memory.held()
    ballast = b"x" * (100 * memory.MEGABYTE)
    assert memory.held() - before == pytest.approx(100, abs=20)
    del ballast
