"""The same voice is near, another one is far."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from transcription.speech.audio import decode
from transcription.speech.types import SpeakerTurn
from transcription.speech.voices import likenesses

pytestmark = pytest.mark.models

CALL = Path(__file__).parents[1] / "samples/two_speakers.ogg"


def test_two_halves_of_one_voice_are_nearer_than_two_voices() -> None:
    from transcription.speech.engines.camplusplus import load_network
    from transcription.speech.engines.voices import CamPlusPlusVoices

    weights = settings.MODELS_DIR / "campplus/campplus_cn_en_common.pt"
    voices = CamPlusPlusVoices(weights)
    spans = (("man", 0.2, 1.9), ("man again", 1.9, 3.6), ("woman", 4.1, 5.9), ("woman again", 5.9, 7.8))
    found = voices.embed(decode(CALL).mono(), [SpeakerTurn(*span) for span in spans])
    assert {len(voice) for voice in found.values()} == {192}
    assert np.linalg.norm(found["man"]) == pytest.approx(1.0)
    man = likenesses(found, found["man"])
    woman = likenesses(found, found["woman"])
    assert man["man again"] > man["woman"] + 0.2
    assert woman["woman again"] > woman["man again"] + 0.2
    assert load_network(weights, "cpu") is load_network(weights, "cpu")
