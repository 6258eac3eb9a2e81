from typing import Any

import pytest

from tests.conftest import make_recording
from transcription.corrections import confirm_roles
from transcription.models import Recording
from transcription.signals import recording_transcribed
from transcription.speech.types import Speaker, Transcript, Turn, Word
from transcription.transcripts import store_transcript, transcript_of

pytestmark = pytest.mark.django_db


def said(speaker: str, role: Any, start: float) -> Turn:
    return Turn(speaker, start, start + 1, (Word("hello", start, start + 1, 0.9, "attention"),), role=role)


@pytest.fixture
def recording() -> Recording:
    recording = make_recording(status=Recording.Status.DONE)
    speakers = (Speaker("Speaker 1", "agent", 0.6, ("spoke first",)), Speaker("Speaker 2", "customer", 0.6))
    turns = (said("Speaker 1", "agent", 0.0), said("Speaker 2", "customer", 2.0))
    store_transcript(
        recording,
        Transcript(4.0, "en", "mono", "two_sided", "prompted", speakers, turns, (), overlap_known=True),
    )
    return recording


def roles(recording: Recording) -> list[str | None]:
    return [turn.role for turn in transcript_of(Recording.objects.get(pk=recording.pk)).turns]


def test_confirming_keeps_the_roles_and_makes_them_certain(recording: Recording) -> None:
    confirm_roles(recording, swap=False, by="erin")
    assert roles(recording) == ["agent", "customer"]
    recording.refresh_from_db()
    assert recording.role_confidence == 1.0
    assert recording.speakers[0]["evidence"] == ["confirmed by erin"]


def test_swapping_exchanges_them_and_twice_is_as_before(recording: Recording) -> None:
    confirm_roles(recording, swap=True, by="erin")
    assert roles(recording) == ["customer", "agent"]
    confirm_roles(recording, swap=True, by="erin")
    assert roles(recording) == ["agent", "customer"]


def test_the_numbers_are_told_to_follow(recording: Recording, django_capture_on_commit_callbacks: Any) -> None:
    told: list[int] = []

    def listen(sender: object, recording_id: int, **_: object) -> None:
        told.append(recording_id)

    recording_transcribed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            confirm_roles(recording, swap=True, by="erin")
    finally:
        recording_transcribed.disconnect(listen)
    assert told == [recording.pk]


def test_a_call_without_a_transcript_is_left_alone() -> None:
    waiting = make_recording()
    confirm_roles(waiting, swap=True, by="erin")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.speakers) == (Recording.Status.WAITING, [])
