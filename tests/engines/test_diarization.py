"""CAM++ by itself, and the real diarizer on a few seconds of two voices."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from transcription.speech.audio import decode
from transcription.speech.engines.camplusplus import CamPlusPlus, filterbank
from transcription.speech.engines.pyannote import HubDiarizer, PyannoteDiarizer
from transcription.speech.ports import SpeechError
from transcription.speech.types import SAMPLE_RATE, Audio, SpeakerRange, SpeakerTurn, SpeakerTurns

pytestmark = pytest.mark.models

TWO = SpeakerRange(2, 2)
SAMPLES = Path(__file__).parents[1] / "samples"
MODELS = Path(os.environ.get("VERBATIM_MODELS_DIR", Path(__file__).parents[2] / "var/models"))
SEGMENTATION = MODELS / "segmentation-3.0/pytorch_model.bin"
EMBEDDING = MODELS / "campplus/campplus_cn_en_common.pt"


def silence(seconds: float) -> Audio:
    return Audio(np.zeros((1, int(seconds * SAMPLE_RATE)), np.float32))


@pytest.fixture(scope="module")
def diarizer() -> PyannoteDiarizer:
    return PyannoteDiarizer(SEGMENTATION, EMBEDDING)


def test_pooling_takes_only_the_chosen_frames() -> None:
    torch.manual_seed(0)
    network = CamPlusPlus().eval()
    frames = torch.randn(6, 512)
    chosen = torch.tensor([[1.0, 1.0, 0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
    with torch.inference_mode():
        some, too_few = network.embed(frames, chosen)
        picked = frames[[0, 1, 4]]
        expected = network.xvector[-1](torch.cat([picked.mean(0), picked.std(0)]).unsqueeze(0))[0]
    assert torch.allclose(some, expected, atol=1e-5)
    assert too_few.isnan().all(), "one frame has no deviation"


def test_features_are_eighty_bands_every_ten_milliseconds() -> None:
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(SAMPLE_RATE) / SAMPLE_RATE)
    features = filterbank(tone)
    assert features.shape == (98, 80)
    assert [filterbank(tone[:samples]).shape for samples in (0, 399, 400)] == [(0, 80), (0, 80), (1, 80)]
    # 1000 Hz is 1000 mel; 80 bands are spread evenly from 20 Hz (32 mel) to 8000 Hz (2840 mel).
    assert int(features.mean(0).argmax()) == round((1000 - 32) / ((2840 - 32) / 81)) - 1


def test_features_of_a_long_sound_are_those_of_its_parts() -> None:
    sound = torch.randn(100 * SAMPLE_RATE, generator=torch.Generator().manual_seed(1)) / 10
    features = filterbank(sound)
    assert len(features) == 9998
    late = 70 * SAMPLE_RATE  # a whole number of frames, after the first minute
    assert torch.equal(features[7000:], filterbank(sound[late:]))
    assert torch.equal(features[5000:6500], filterbank(sound[50 * SAMPLE_RATE :])[:1500])


def test_weights_that_hold_code_are_refused(tmp_path: Path) -> None:
    trap = tmp_path / "weights.pt"
    ran = tmp_path / "ran"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (os.mkdir, (str(ran),))

    torch.save({"state_dict": Trap()}, trap)
    for load in (lambda: PyannoteDiarizer(trap, trap), lambda: PyannoteDiarizer(SEGMENTATION, tmp_path / "missing")):
        with pytest.raises(SpeechError, match="cannot be loaded") as caught:
            load()
        assert caught.value.permanent
    assert not ran.exists()


def test_a_folder_without_a_pipeline_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="cannot be loaded"):
        HubDiarizer(str(tmp_path))


def seconds_of(turns: Sequence[SpeakerTurn], speaker: str, start: float, end: float) -> float:
    return sum(max(0.0, min(turn.end, end) - max(turn.start, start)) for turn in turns if turn.speaker == speaker)


def test_two_voices_are_told_apart(diarizer: PyannoteDiarizer) -> None:
    found = diarizer.diarize(decode(SAMPLES / "two_speakers.ogg"), TWO)
    for turns in (found.turns, found.exclusive):
        first, second = dict.fromkeys(turn.speaker for turn in turns)
        # One voice until 3.7 s, the other from 4.0 s to the end at 8.0 s.
        assert seconds_of(turns, first, 0.0, 3.85) > 3.0
        assert seconds_of(turns, second, 3.85, 8.0) > 3.0
        assert seconds_of(turns, second, 0.0, 3.6) + seconds_of(turns, first, 4.1, 8.0) < 0.2


@pytest.mark.parametrize("channel", [0, 1])
def test_one_voice_is_not_cut_in_two(diarizer: PyannoteDiarizer, channel: int) -> None:
    alone = decode(SAMPLES / "stereo_call.ogg").channel(channel)
    assert len({turn.speaker for turn in diarizer.diarize(alone, TWO).turns}) == 1


def test_a_third_voice_is_found_only_where_it_may_be(diarizer: PyannoteDiarizer) -> None:
    call = decode(SAMPLES / "stereo_call.ogg").samples
    man = decode(SAMPLES / "two_speakers.ogg").samples[:, : int(3.7 * SAMPLE_RATE)]
    three = Audio(np.concatenate([call[:1, :40_000], man, call.mean(axis=0, keepdims=True), man], axis=1))
    found = [{turn.speaker for turn in diarizer.diarize(three, SpeakerRange(2, most)).turns} for most in (2, 3)]
    assert [len(speakers) for speakers in found] == [2, 3]


def test_the_embeddings_of_one_voice_are_near() -> None:
    network = CamPlusPlus.load(EMBEDDING)
    samples = torch.from_numpy(decode(SAMPLES / "two_speakers.ogg").samples[0])
    stretches = [samples[int(start * SAMPLE_RATE) : int((start + 1.7) * SAMPLE_RATE)] for start in (0.1, 1.9, 4.2, 6.1)]
    features = [filterbank(stretch) for stretch in stretches]
    with torch.inference_mode():
        voices = torch.cat([network((feature - feature.mean(0)).unsqueeze(0)) for feature in features])
    near = torch.nn.functional.cosine_similarity(voices.unsqueeze(0), voices.unsqueeze(1), dim=-1)
    assert min(near[0, 1], near[2, 3]) > max(near[0, 2], near[0, 3], near[1, 2], near[1, 3])


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.2, 12.0])
def test_silence_has_no_speakers(diarizer: PyannoteDiarizer, seconds: float) -> None:
    assert diarizer.diarize(silence(seconds), TWO) == SpeakerTurns((), ())


@pytest.mark.parametrize("speakers", [SpeakerRange(1, 1), TWO, SpeakerRange(1, 6)])
def test_a_moment_of_speech_has_at_most_one_speaker(diarizer: PyannoteDiarizer, speakers: SpeakerRange) -> None:
    moment = Audio(decode(SAMPLES / "two_speakers.ogg").samples[:, 16_000:19_200])
    assert len({turn.speaker for turn in diarizer.diarize(moment, speakers).turns}) <= 1
