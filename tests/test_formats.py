import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from transcription import formats
from transcription.speech.types import Quarantined, Sentiment, Speaker, SpeakerTurn, Transcript, Turn, Word


def words(text: str, start: float, step: float = 0.5) -> tuple[Word, ...]:
    return tuple(
        Word(word, start + i * step, start + (i + 1) * step, 0.9, "attention") for i, word in enumerate(text.split())
    )


@pytest.fixture
def transcript() -> Transcript:
    return Transcript(
        duration=6.0,
        language="en",
        layout="mono",
        outcome="two_sided",
        filler_capture_mode="prompted",
        speakers=(Speaker("Speaker 1", "agent", 0.93, ("said 'thank you for calling'",)), Speaker("Speaker 2")),
        turns=(
            Turn("Speaker 1", 0.0, 1.5, words("Hello & welcome.", 0.0), role="agent"),
            Turn("Speaker 2", 2.0, 3.0, words("Um, hi.", 2.0), sentiment=Sentiment("negative", -0.25)),
        ),
        activity=(SpeakerTurn("Speaker 1", 0.0, 1.5), SpeakerTurn("Speaker 2", 2.0, 3.0)),
        overlap_known=True,
        engines={"recognizer": "whisper"},
        quarantined=(Quarantined(4.0004, 5.5, "Thank you for watching.", "Probably no speech"),),
        confidence=0.8125,
    )


def test_json_holds_speakers_turns_and_words(transcript: Transcript) -> None:
    document = json.loads(formats.to_json(transcript, "call.wav"))
    assert document["file"] == "call.wav"
    assert document["speakers"][0] == {
        "label": "Speaker 1",
        "role": "agent",
        "role_confidence": 0.93,
        "evidence": ["said 'thank you for calling'"],
    }
    second = document["turns"][1]
    assert (second["speaker"], second["role"], second["text"]) == ("Speaker 2", None, "Um, hi.")
    assert second["sentiment"] == {"label": "negative", "score": -0.25}
    assert second["words"][0] == {
        "word": "Um,",
        "start": 2.0,
        "end": 2.5,
        "probability": 0.9,
        "time_source": "attention",
    }


def test_text_held_back_is_in_json_only(transcript: Transcript) -> None:
    document = json.loads(formats.to_json(transcript, "call.wav"))
    assert document["quarantined"] == [
        {"start": 4.0, "end": 5.5, "text": "Thank you for watching.", "reason": "Probably no speech"}
    ]
    assert document["confidence"] == 0.812
    for extension in ("txt", "srt", "vtt", "tsv"):
        assert "watching" not in formats.WRITERS[extension](transcript, "call.wav")


def test_txt_names_the_role_once_it_is_known(transcript: Transcript) -> None:
    assert formats.to_txt(transcript, "call.wav") == "Agent: Hello & welcome.\nSpeaker 2: Um, hi.\n"


def test_srt(transcript: Transcript) -> None:
    assert formats.to_srt(transcript, "call.wav").startswith(
        "1\n00:00:00,000 --> 00:00:01,500\nAgent: Hello & welcome.\n\n2\n00:00:02,000 --> 00:00:03,000\n"
    )


def test_vtt_escapes_markup(transcript: Transcript) -> None:
    vtt = formats.to_vtt(transcript, "call.wav")
    assert vtt.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n<v Agent>Hello &amp; welcome.\n")


def test_tsv_counts_milliseconds(transcript: Transcript) -> None:
    assert formats.to_tsv(transcript, "call.wav").splitlines()[2] == "2000\t3000\tSpeaker 2\tUm, hi."


def test_long_turns_become_short_cues() -> None:
    long = Turn("Speaker 1", 0.0, 3700.0, words("seven words make up this one sentence " * 40, 3590.0), role="agent")
    cues = formats.to_srt(
        Transcript(4000.0, "en", "mono", "one_sided", "prompted", (), (long,), (), overlap_known=False), "x"
    ).split("\n\n")
    assert len(cues) > 20
    assert all(len(cue.splitlines()[2]) <= len("Agent: ") + formats.CUE_CHARACTERS for cue in cues if cue.strip())
    assert "00:59:50,000 --> " in cues[0]


def test_zip_holds_every_format(transcript: Transcript) -> None:
    with ZipFile(BytesIO(formats.to_zip(transcript, "a call.wav"))) as archive:
        assert archive.namelist() == [f"a call.{extension}" for extension in ("json", "txt", "srt", "vtt", "tsv")]
        assert archive.read("a call.txt").decode() == "Agent: Hello & welcome.\nSpeaker 2: Um, hi.\n"
        assert json.loads(archive.read("a call.json"))["file"] == "a call.wav"


def test_an_empty_transcript_is_an_empty_document() -> None:
    silent = Transcript(3.0, "en", "mono", "no_speech", "prompted", (), (), (), overlap_known=True)
    assert formats.to_vtt(silent, "x") == "WEBVTT\n\n"
    assert formats.to_txt(silent, "x") == ""
    assert json.loads(formats.to_json(silent, "x"))["turns"] == []
