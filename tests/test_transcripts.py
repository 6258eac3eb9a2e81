import pytest

from tests.conftest import make_recording
from transcription.models import Recording
from transcription.speech.types import Quarantined, Sentiment, Speaker, SpeakerTurn, Transcript, Turn, Word
from transcription.transcripts import store_transcript, transcript_of

pytestmark = pytest.mark.django_db

WHOLE = Transcript(
    duration=60.0,
    language="en",
    layout="stereo",
    outcome="two_sided",
    filler_capture_mode="unprompted",
    speakers=(Speaker("Speaker 1", "agent", 0.93, ("spoke first", "left channel")), Speaker("Speaker 2", None, 0.6)),
    turns=(
        Turn(
            "Speaker 1",
            0.5,
            1.5,
            (Word("Good", 0.5, 0.9, 0.8, "attention"), Word("day.", 0.9, 1.5, None, "interpolated")),
            role="agent",
            sentiment=Sentiment("positive", 0.4),
        ),
        Turn("Speaker 2", 2.0, 2.4, (Word("Hi.", 2.0, 2.4, 0.9, "attention"),)),
    ),
    activity=(SpeakerTurn("Speaker 1", 0.4, 1.6), SpeakerTurn("Speaker 2", 1.5, 2.5)),
    overlap_known=True,
    engines={"recognizer": "whisper"},
    notes=("The left channel is quiet",),
    quarantined=(Quarantined(30.0, 34.5, "Thank you for watching.", "Probably no speech"),),
    confidence=0.81,
)


def test_a_transcript_comes_back_as_it_was_stored() -> None:
    recording = make_recording(duration=60.0)
    store_transcript(recording, WHOLE)
    assert transcript_of(Recording.objects.get(pk=recording.pk)) == WHOLE


def test_a_call_is_as_certain_as_its_least_certain_role() -> None:
    recording = make_recording()
    store_transcript(recording, WHOLE)
    assert recording.role_confidence == 0.6
