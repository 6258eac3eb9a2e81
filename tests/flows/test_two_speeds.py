"""The tiny model first, the base model for a second look: real weights on a sample call."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from analytics.side_by_side import compare
from transcription import processing, second_look
from transcription.models import Recording, Run
from transcription.runs import transcript_of_run

SAMPLE = Path(__file__).parents[2] / "transcription/demo/calls/bluewater_new_plan.ogg"

pytestmark = [pytest.mark.models, pytest.mark.django_db(transaction=True)]


def test_a_disputed_call_is_heard_again_with_the_larger_model(settings: Any, clean_jobs: None) -> None:
    settings.FIRST_WHISPER_MODEL, settings.SECOND_LOOK_SHARE = "whisper-tiny.en", 0.0
    call_command("ingest", str(SAMPLE))
    recording = Recording.objects.get()
    processing.process(recording.pk, job_id=1, attempt=1, max_attempts=1)
    Recording.objects.update(disputed_at=timezone.now())
    assert second_look.begin_some() == [recording.pk]
    processing.process(recording.pk, job_id=2, attempt=1, max_attempts=1)

    recording.refresh_from_db()
    first, second = Run.objects.select_related("recording").order_by("number")
    assert (recording.status, recording.current_run, recording.disputed_at) == ("done", second, None)
    assert [run.engines["aligner"] for run in (first, second)] == [
        "alignment head, whisper-tiny.en",
        "alignment head, whisper-base",
    ]
    assert "whisper-tiny.en/model.bin" in first.weights["recognizer"]
    assert "whisper-base/model.bin" in second.weights["recognizer"]
    left, right = transcript_of_run(first), transcript_of_run(second)
    assert left
    assert right
    found = compare(left, right)
    words = sum(len(turn.words) for turn in right.turns)
    assert 0 < found.words_only_right < words / 3, "two models differ, on the same call"
    assert found.words_moved < words / 10
