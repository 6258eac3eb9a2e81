import json
from typing import Any

import pytest

from transcription.speech.pipeline import Diarized, Heard
from transcription.speech.plain import from_plain, to_plain
from transcription.speech.types import (
    Recognition,
    Segment,
    Sentiment,
    Speaker,
    SpeakerTurn,
    SpeakerTurns,
    Transcript,
    Word,
)
from transcription.speech.types import Turn as SpokenTurn

WORDS = (Word("Good", 0.0, 0.5, 0.9, "attention"), Word("day", 0.5, 1.0, None, "interpolated"))
HEARD = Heard(
    duration=2.0,
    layout="stereo",
    channels=(
        Recognition("en", (Segment(0.0, 1.0, "Good day", WORDS, channel=0),), ((0.0, 1.0), (1.5, 2.0)), prompted=True),
        Recognition("und", (), (), prompted=False),
    ),
    language="en",
    engines={"recognizer": "whisper"},
    notes=("quiet",),
)
DIARIZED = Diarized(SpeakerTurns((SpeakerTurn("a", 0.0, 1.0), SpeakerTurn("b", 0.5, 2.0)), ()), {"diarizer": "some"})
TRANSCRIPT = Transcript(
    duration=2.0,
    language="en",
    layout="mono",
    outcome="one_sided",
    filler_capture_mode="prompted",
    speakers=(Speaker("Speaker 1", "agent", 0.6, ("spoke first",)), Speaker("Speaker 2")),
    turns=(SpokenTurn("Speaker 1", 0.0, 1.0, WORDS, "agent", Sentiment("neutral", 0.0)),),
    activity=(SpeakerTurn("Speaker 1", 0.0, 1.0),),
    overlap_known=False,
)


@pytest.mark.parametrize("value", [HEARD, DIARIZED, TRANSCRIPT], ids=lambda value: type(value).__name__)
def test_every_stage_comes_back_from_json_as_it_was(value: Any) -> None:
    assert from_plain(type(value), json.loads(json.dumps(to_plain(value)))) == value


def test_numbers_that_json_made_whole_are_seconds_again() -> None:
    assert isinstance(from_plain(SpeakerTurn, {"speaker": "a", "start": 0, "end": 1}).start, float)


def test_what_was_not_known_when_it_was_written_has_its_default() -> None:
    plain = to_plain(TRANSCRIPT)
    del plain["notes"]
    assert from_plain(Transcript, plain) == TRANSCRIPT


def test_what_has_no_default_must_be_there() -> None:
    with pytest.raises(TypeError, match="start"):
        from_plain(SpeakerTurn, {"speaker": "a", "end": 1.0})
