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

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from tests.conftest import make_recording
from transcription import jobs, memory
from transcription.tasks import process_recording, score_corrected

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


def eventually(condition: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def jobs_of(task: Any, status: str) -> int:
    return ProcrastinateJob.objects.filter(task_name=task.name, status=status).count()


def test_a_worker_over_its_limit_starts_anew_after_a_job_and_goes_on(worker: Start) -> None:
    for nobody in range(2):
        score_corrected.defer(recording_id=nobody)
    process = worker("--queues", "text", "--until-idle", VERBATIM_WORKER_MEMORY_LIMIT="1")
    _, said = process.communicate(timeout=300)
    assert (process.returncode, jobs_of(score_corrected, "succeeded"), said.count("starting anew")) == (0, 2, 2)


def test_what_takes_a_moment_does_not_wait_for_a_long_call(worker: Start) -> None:
    """The lock of a row stands for an hour of recognizing."""
    call = make_recording()
    process_recording.defer(recording_id=call.pk)
    with psycopg.connect(**connector_params()) as busy:
        busy.execute("UPDATE transcription_recording SET status = 'cancelled' WHERE id = %s", [call.pk])
        process = worker()
        assert eventually(lambda: jobs_of(process_recording, "doing") == 1)
        score_corrected.defer(recording_id=0)
        assert eventually(lambda: jobs_of(score_corrected, "succeeded") == 1)
        assert jobs_of(process_recording, "doing") == 1
        assert jobs.workers() == 1
        process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=300)
    assert (process.returncode, jobs_of(process_recording, "succeeded"), "starting anew" in said) == (0, 1, False)
    assert eventually(lambda: jobs.workers() == 0)


@pytest.mark.parametrize(("held", "limit", "over"), [(1000, 1000, False), (1001, 1000, True), (1001, 0, False)])
def test_only_a_worker_over_its_limit_stops(
    held: int, limit: int, over: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "held", lambda: held)
    settings.WORKER_MEMORY_LIMIT = limit
    stopped: list[str] = []
    watch = memory.MemoryWatch(lambda: stopped.append("stopped"))
    assert watch(lambda: "found") == "found"
    assert (watch.exceeded, stopped) == (over, ["stopped"] * over)


def test_a_job_that_fails_is_watched_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(memory, "held", lambda: 2)
    settings.WORKER_MEMORY_LIMIT = 1
    watch = memory.MemoryWatch(lambda: None)
    with pytest.raises(ZeroDivisionError):
        watch(fail)
    assert watch.exceeded


def test_the_memory_that_is_held_is_measured() -> None:
    before = memory.held()
    ballast = b"x" * (100 * memory.MEGABYTE)
    assert memory.held() - before == pytest.approx(100, abs=20)
    del ballast
