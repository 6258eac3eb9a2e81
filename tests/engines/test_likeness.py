"""How alike known speakers sound, on a few seconds of two voices."""

import os
from pathlib import Path

import numpy as np
import pytest

from transcription.speech.audio import decode
from transcription.speech.engines.likeness import VoiceLikeness
from transcription.speech.types import Audio, SpeakerTurn

pytestmark = pytest.mark.models

SAMPLES = Path(__file__).parents[1] / "samples"
MODELS = Path(os.environ.get("VERBATIM_MODELS_DIR", Path(__file__).parents[2] / "var/models"))
EDGE = 3.8
"""Where the woman of two_speakers.ogg stops and the man starts."""


@pytest.fixture(scope="module")
def likeness() -> VoiceLikeness:
    return VoiceLikeness(MODELS / "campplus/campplus_cn_en_common.pt")


@pytest.fixture(scope="module")
def two() -> Audio:
    return decode(SAMPLES / "two_speakers.ogg")


def test_two_voices_are_further_apart_than_one_voice_under_two_names(likeness: VoiceLikeness, two: Audio) -> None:
    truth = [SpeakerTurn("woman", 0.0, EDGE), SpeakerTurn("man", EDGE, 8.0)]
    woman = Audio(np.tile(two.samples[:, : int(EDGE * 16_000)], 2))
    one_voice = [SpeakerTurn("A", 0.0, EDGE), SpeakerTurn("B", EDGE, 2 * EDGE)]
    apart = likeness.closest(two, truth)
    same = likeness.closest(woman, one_voice)
    assert apart is not None
    assert apart > 0.3
    assert same is not None
    assert same < 0.1


def test_a_third_person_counts_by_the_pair_most_alike(likeness: VoiceLikeness, two: Audio) -> None:
    sound = Audio(np.concatenate([two.samples, two.samples[:, : int(EDGE * 16_000)]], axis=1))
    truth = [SpeakerTurn("a", 0.0, EDGE), SpeakerTurn("b", EDGE, 8.0), SpeakerTurn("c", 8.0, 8.0 + EDGE)]
    closest = likeness.closest(sound, truth)
    assert closest is not None
    assert closest < 0.1, "the third is the first again"


def test_one_person_is_like_nobody(likeness: VoiceLikeness, two: Audio) -> None:
    assert likeness.closest(two, [SpeakerTurn("woman", 0.0, EDGE)]) is None
    assert likeness.closest(two, []) is None
