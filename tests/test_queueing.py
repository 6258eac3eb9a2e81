"""Recordings again, not at all, sooner."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.conftest import make_recording
from tests.fakes import FakeRecognizer
from transcription import processing
from transcription.ingest import process_recording
from transcription.models import Recording
from transcription.queueing import URGENT, cancel, hurry, start_again
from transcription.speech.ports import SpeechError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_jobs")]

EVERY = Recording.objects.all()


def jobs() -> list[tuple[int, int]]:
    """Recording and priority of every job that waits, in the order of their making."""
    waiting = ProcrastinateJob.objects.filter(task_name=process_recording.name, status="todo").order_by("pk")
    return [(job.args["recording_id"], job.priority) for job in waiting]


def test_failed_and_cancelled_ones_start_again() -> None:
    recordings = {status: make_recording(status=status, error="why") for status in Recording.Status.values}
    assert start_again(EVERY.all(), {"failed", "done", "processing"}) == 1
    assert jobs() == [(recordings["failed"].pk, 0)]
    assert start_again(EVERY.all()) == 1
    assert jobs() == [(recordings["failed"].pk, 0), (recordings["cancelled"].pk, 0)]
    assert start_again(EVERY.all()) == 0
    assert list(EVERY.filter(status="waiting", error="").order_by("pk")) == [
        recordings["failed"],
        recordings["cancelled"],
    ]


def test_what_was_cancelled_is_not_processed(engines: Callable[..., None]) -> None:
    recording = make_recording()
    assert cancel(EVERY.all()) == 1
    assert cancel(EVERY.all()) == 0
    processing.process(recording.pk, job_id=1, attempt=1, max_attempts=3)
    recording.refresh_from_db()
    assert (recording.status, recording.engines) == ("cancelled", {})


@pytest.mark.parametrize("error", [None, SpeechError("Bad.", permanent=True), SpeechError("Busy.", permanent=False)])
@pytest.mark.django_db(transaction=True)
def test_work_stops_at_the_stage_after_the_cancellation(
    wav: Callable[..., Path], engines: Callable[..., None], error: SpeechError | None
) -> None:
    class Cancelling(FakeRecognizer):
        def recognize(self, *arguments: Any) -> Any:
            cancel(EVERY.all())
            return super().recognize(*arguments)

    engines(recognizer=Cancelling(error=error))
    call_command("ingest", str(wav()))
    recording = Recording.objects.get()
    try:
        processing.process(recording.pk, job_id=1, attempt=1, max_attempts=3)
    except processing.RetryLater:
        assert error is not None
    recording.refresh_from_db()
    assert (recording.status, recording.error, recording.turns.count()) == ("cancelled", "", 0)


def test_one_call_before_the_others() -> None:
    first, second = make_recording(), make_recording()
    for recording in (first, second):
        process_recording.defer(recording_id=recording.pk)
    assert hurry(second)
    assert jobs() == [(first.pk, 0), (second.pk, URGENT)]


@pytest.mark.parametrize("status", ["processing", "done", "failed", "cancelled"])
def test_nothing_is_hurried_that_does_not_wait(status: str) -> None:
    assert not hurry(make_recording(status=status))
    assert jobs() == []


def test_a_waiting_call_without_a_job_gets_none_by_hurry() -> None:
    assert not hurry(make_recording())
    assert jobs() == []
