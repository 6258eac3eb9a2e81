"""The plain libraries, as the benchmark runs them, on a few seconds of speech."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from transcription.speech.audio import decode

SAMPLES = Path(__file__).parents[1] / "samples"
MODELS = Path(os.environ.get("VERBATIM_MODELS_DIR", Path(__file__).parents[2] / "var/models"))


@pytest.mark.models
def test_the_plain_libraries_tell_words_times_and_speakers() -> None:
    from transcription.speech.engines.peer import PlainLibraries

    peer = PlainLibraries(
        MODELS / "whisper-base",
        MODELS / "segmentation-3.0/pytorch_model.bin",
        MODELS / "campplus/campplus_cn_en_common.pt",
        language="en",
        speakers=2,
    )
    audio = decode(SAMPLES / "two_speakers.ogg")
    stages = []
    transcript = peer.transcribe(audio, lambda stage, _share: stages.append(stage))
    assert stages == ["recognizing", "aligning", "diarizing", "joining"]
    assert {turn.speaker for turn in transcript.activity} == {"SPEAKER_00", "SPEAKER_01"}
    changes = [turn.start for turn in transcript.turns[1:]]
    assert len(changes) == 1
    assert changes[0] == pytest.approx(4.0, abs=0.5)
    words = [word for turn in transcript.turns for word in turn.words]
    assert len(words) > 10
    assert all(0 <= word.start <= word.end <= audio.duration + 0.1 for word in words)
    assert transcript.filler_capture_mode == "unprompted"
