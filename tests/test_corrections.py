from typing import Any

import pytest

from analytics.measure import outdated
from analytics.models import CallMetrics
from tests.conftest import make_agent, make_recording, make_user
from tests.measured import MAY_12
from transcription.corrections import confirm_roles
from transcription.models import Recording
from transcription.signals import recording_transcribed
from transcription.speech.types import Speaker, Transcript, Turn, Word
from transcription.transcripts import store_transcript, transcript_of

pytestmark = pytest.mark.django_db


def said(speaker: str, role: Any, start: float) -> Turn:
    return Turn(speaker, start, start + 1, (Word("hello", start, start + 1, 0.9, "attention"),), role=role)


def again(*turns: Turn) -> Transcript:
    speakers = (Speaker("Speaker 1", "agent", 0.6, ("spoke first",)), Speaker("Speaker 2", "customer", 0.6))
    return Transcript(9.0, "en", "mono", "two_sided", "prompted", speakers, turns, (), overlap_known=True)


@pytest.fixture
def recording() -> Recording:
    recording = make_recording(status=Recording.Status.DONE)
    store_transcript(recording, again(said("Speaker 1", "agent", 0.0), said("Speaker 2", "customer", 2.0)))
    return recording


def roles(recording: Recording) -> list[str | None]:
    return [turn.role for turn in transcript_of(Recording.objects.get(pk=recording.pk)).turns]


def test_confirming_keeps_the_roles_and_makes_them_certain(recording: Recording) -> None:
    confirm_roles(recording, swap=False, by=make_user(username="erin"))
    assert roles(recording) == ["agent", "customer"]
    recording.refresh_from_db()
    assert recording.role_confidence == 1.0
    assert recording.speakers[0]["evidence"] == ["confirmed by erin"]
    assert recording.roles_confirmed_by
    assert recording.roles_confirmed_by.username == "erin"
    assert recording.role_source == "confirmed"


def test_roles_that_nobody_confirmed_are_decided(recording: Recording) -> None:
    recording.refresh_from_db()
    assert (recording.role_source, recording.roles_confirmed_at) == ("decided", None)
    assert make_recording().role_source is None


def test_swapping_exchanges_them_and_twice_is_as_before(recording: Recording) -> None:
    erin = make_user(username="erin")
    confirm_roles(recording, swap=True, by=erin)
    assert roles(recording) == ["customer", "agent"]
    confirm_roles(recording, swap=True, by=erin)
    assert roles(recording) == ["agent", "customer"]


def test_the_numbers_are_told_to_follow(recording: Recording, django_capture_on_commit_callbacks: Any) -> None:
    told: list[int] = []

    def listen(sender: object, recording_id: int, **_: object) -> None:
        told.append(recording_id)

    recording_transcribed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            confirm_roles(recording, swap=True, by=make_user(username="erin"))
    finally:
        recording_transcribed.disconnect(listen)
    assert told == [recording.pk]


def test_a_call_without_a_transcript_is_left_alone() -> None:
    waiting = make_recording()
    confirm_roles(waiting, swap=True, by=make_user(username="erin"))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.speakers) == (Recording.Status.WAITING, [])


def test_the_numbers_have_changed_when_a_swap_returns(
    recording: Recording, django_capture_on_commit_callbacks: Any, django_assert_num_queries: Any
) -> None:
    erin = make_user(username="erin")
    Recording.objects.update(agent=make_agent(), started_at=MAY_12)
    store_transcript(
        recording,
        again(said("Speaker 1", "agent", 0.0), said("Speaker 1", "agent", 3.0), said("Speaker 2", "customer", 2.0)),
    )
    with django_capture_on_commit_callbacks(execute=True):
        confirm_roles(recording, swap=False, by=erin)
    before = CallMetrics.objects.get(recording=recording)
    with django_assert_num_queries(27), django_capture_on_commit_callbacks(execute=True):
        confirm_roles(recording, swap=True, by=erin)
    after = CallMetrics.objects.get(recording=recording)
    assert (before.words_agent, before.words_customer) == (2, 1)
    assert (after.words_agent, after.words_customer) == (1, 2)


def test_a_failed_measurement_does_not_undo_a_swap(
    recording: Recording, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("analytics.measure.measure", explode)
    with django_capture_on_commit_callbacks(execute=True):
        confirm_roles(recording, swap=True, by=make_user())
    assert roles(recording) == ["customer", "agent"]
    assert list(outdated()) == [recording]


def test_what_a_person_said_outlives_another_transcription(recording: Recording) -> None:
    confirm_roles(recording, swap=True, by=make_user(username="erin"))
    recording.refresh_from_db()
    store_transcript(recording, again(said("Speaker 1", "agent", 0.2), said("Speaker 2", "customer", 2.2)))
    assert roles(recording) == ["customer", "agent"]
    assert (recording.role_confidence, recording.role_source) == (1.0, "confirmed")
    assert recording.speakers[1]["evidence"] == ["swapped by erin"]


def test_what_a_person_said_is_forgotten_where_the_parties_cannot_be_told_apart(recording: Recording) -> None:
    confirm_roles(recording, swap=True, by=make_user())
    recording.refresh_from_db()
    store_transcript(recording, again(said("Speaker 1", "agent", 5.0), said("Speaker 2", "customer", 7.0)))
    assert roles(recording) == ["agent", "customer"]
    assert (recording.role_confidence, recording.role_source) == (0.6, "decided")
