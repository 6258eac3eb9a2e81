"""How far a batch is."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.conftest import make_agent, make_recording
from transcription import progress, speed
from transcription.models import Batch, Recording, Run
from transcription.progress import batch_progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(connected_worker: None) -> None:
    """So that times that are left can be told."""


def test_counts_and_rows(worker: None, django_assert_num_queries: Any) -> None:
    batch, now = Batch.objects.create(), timezone.now()
    for status, values in {
        "done": {
            "claimed_at": now - timedelta(seconds=70),
            "finished_at": now - timedelta(seconds=10),
            "stage_seconds": {"recognizing": 20, "diarizing": 10},
        },
        "waiting": {"claimed_at": now},
        "failed": {"claimed_at": now, "finished_at": now + timedelta(seconds=3)},
        "processing": {"claimed_at": now - timedelta(seconds=5), "stage": "diarizing", "progress": 0.4},
        "cancelled": {},
    }.items():
        make_recording(batch=batch, status=status, agent=make_agent(), original_name=status, **values)
    Run.objects.create(recording=batch.recordings.get(status="processing"), number=1, heard={"words": []})
    make_recording(status="waiting")
    with django_assert_num_queries(4):
        state = batch_progress(batch)
        shown = [(str(row.recording.agent), row.recording.original_name) for row in state.rows]
    assert [name for _, name in shown] == ["processing", "failed", "waiting", "cancelled", "done"]
    assert state.statuses == (("processing", 1), ("failed", 1), ("waiting", 1), ("cancelled", 1), ("done", 1))
    assert state.funnel == (("received", 5), ("transcribed", 2), ("diarized", 1), ("measured", 0))
    assert (state.percent, state.is_finished, state.shown, state.pages) == (60, False, 5, 1)
    working, failed, waiting, _, done = state.rows
    assert working.percent == 40
    assert working.elapsed is not None
    assert timedelta(seconds=5) <= working.elapsed < timedelta(seconds=60)
    assert working.left is not None
    assert timedelta(seconds=15) < working.left <= timedelta(seconds=25), "a minute at 0.5, less what it took"
    assert (failed.elapsed, waiting.elapsed, done.elapsed) == (timedelta(seconds=3), None, timedelta(seconds=60))
    assert state.left == timedelta(seconds=60), "two minutes of sound at 0.5 with one worker"


def test_no_estimate_without_anything_measured_or_anybody_at_work(clean_jobs: None) -> None:
    recording = make_recording()
    assert batch_progress(recording.batch).left is None
    make_recording(status="done", stage_seconds={"recognizing": 30}, finished_at=timezone.now())
    assert speed.measured() == speed.Speed(0.5, 1, 0)
    assert batch_progress(recording.batch).left is None


def test_finished_and_empty_batches() -> None:
    batch = Batch.objects.create()
    assert (batch_progress(batch).percent, batch_progress(batch).is_finished) == (100, True)
    make_recording(batch=batch, status="failed")
    assert (batch_progress(batch).percent, batch_progress(batch).is_finished) == (100, True)


def test_a_batch_is_finished_when_it_is_measured() -> None:
    recording = make_recording(status="done", finished_at=timezone.now())
    assert not batch_progress(recording.batch).is_finished
    Recording.objects.update(measured_at=timezone.now())
    assert batch_progress(recording.batch).is_finished
    Recording.objects.update(measured_at=None, finished_at=timezone.now() - 2 * progress.SETTLES_WITHIN)
    assert batch_progress(recording.batch).is_finished, "numbers that do not come are not waited for"


def test_pages_of_one_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "ROWS_PER_PAGE", 2)
    batch = Batch.objects.create()
    for number in range(5):
        make_recording(batch=batch, status="failed", original_name=f"{number}")
    make_recording(batch=batch)
    last = batch_progress(batch, status="failed", page=99)
    assert (last.page, last.pages, last.shown, last.received) == (3, 3, 5, 6)
    assert [row.recording.original_name for row in last.rows] == ["4"]
    assert batch_progress(batch, status="nonsense").shown == 6
