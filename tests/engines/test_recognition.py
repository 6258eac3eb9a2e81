"""Packing and word times as pure functions; the real recogniser and aligners on a few seconds of speech."""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transcription.speech.audio import decode
from transcription.speech.engines.guards import Heard
from transcription.speech.engines.packing import Packed, Piece, pack, pack_segment, pieces_of, windows_of
from transcription.speech.engines.words import Measured, with_words
from transcription.speech.ports import SpeechError
from transcription.speech.types import Audio, Quarantined, Recognition, Segment

SAMPLES = Path(__file__).parents[1] / "samples"
MODELS = Path(os.environ.get("VERBATIM_MODELS_DIR", Path(__file__).parents[2] / "var/models"))
SEGMENTATION = MODELS / "segmentation-3.0/pytorch_model.bin"
FILLERS = "Um, uh, like, you know, I mean, hmm, er, ah, well, so."


def ramp(seconds: float) -> Audio:
    """Audio whose samples tell their own time, in seconds."""
    return Audio((np.arange(int(seconds * 16_000), dtype=np.float32) / 16_000)[np.newaxis])


def test_pieces_keep_a_margin_but_never_the_same_sound_twice() -> None:
    assert pieces_of([(0.1, 1.0), (1.2, 2.0), (5.0, 6.0)], duration=6.05) == (
        Piece(0.0, 1.1, (0.1, 1.0)),
        Piece(1.1, 2.25, (1.2, 2.0)),
        Piece(4.75, 6.05, (5.0, 6.0)),
    )
    assert pieces_of([], duration=6.0) == ()


def test_windows_hold_thirty_seconds_of_speech() -> None:
    pieces = [Piece(start, start + 12.0, (start, start + 12.0)) for start in (0.0, 50.0, 100.0, 150.0, 200.0)]
    assert [[piece.start for piece in window] for window in windows_of(pieces)] == [
        [0.0, 50.0],
        [100.0, 150.0],
        [200.0],
    ]
    assert windows_of([]) == []


def test_packing_cuts_pauses_and_finds_the_way_back() -> None:
    packed = pack(ramp(10), [Piece(1.0, 2.0, (1.25, 1.75)), Piece(6.0, 7.0, (6.25, 6.75))])
    assert packed.duration == 2.0
    assert packed.samples[0] == 1.0
    assert packed.samples[16_000] == 6.0
    assert packed.on_call(0.3, 0.6) == (1.3, 1.6)
    assert packed.on_call(1.3, 1.6) == pytest.approx((6.3, 6.6))
    assert packed.on_call(0.6, 1.5) == pytest.approx((6.25, 6.5)), "across the cut, most of it is in the second speech"
    assert packed.on_call(1.8, 1.9) == pytest.approx((6.75, 6.75)), "after the last speech"


def test_a_segment_packs_only_its_own_speech() -> None:
    speech = [(1.0, 2.0), (4.0, 5.0), (8.0, 9.0)]
    assert [p.speech for p in pack_segment(ramp(10), Segment(1.0, 5.0, "a"), speech).pieces] == [(1.0, 2.0), (4.0, 5.0)]
    assert pack_segment(ramp(10), Segment(6.0, 7.0, "a"), speech).duration == 1.0


def whole(seconds: float) -> Packed:
    return pack(ramp(seconds), [Piece(0.0, seconds, (0.0, seconds))])


def test_words_without_a_measurement_share_the_time_between() -> None:
    measured = [Measured(0.0, 1.0, 0.9), None, None, Measured(3.0, 4.0, 0.8), None]
    words = with_words(Segment(0.0, 5.0, "a b c d e"), whole(5), measured, "attention").words
    assert [(w.text, w.start, w.end) for w in words] == [
        ("a", 0.0, 1.0), ("b", 1.0, 2.0), ("c", 2.0, 3.0), ("d", 3.0, 4.0), ("e", 4.0, 5.0),
    ]  # fmt: skip
    assert [w.time_source for w in words] == ["attention", "interpolated", "interpolated", "attention", "interpolated"]
    assert [w.probability for w in words] == [0.9, None, None, 0.8, None]


def test_word_times_never_run_backwards_or_leave_the_segment() -> None:
    measured = [Measured(0.5, 2.0, 1.0), Measured(0.2, 0.4, 1.0), Measured(2.5, 9.0, 1.0)]
    words = with_words(Segment(0.0, 3.0, "a b c"), whole(3), measured, "wav2vec2").words
    assert [(w.start, w.end) for w in words] == [(0.5, 0.5), (0.5, 0.5), (2.5, 3.0)]


@pytest.mark.models
def test_attention_pieces_become_the_words_of_the_text() -> None:
    from transcription.speech.engines.attention import measured_words

    pieces = [
        {"word": word, "start": start, "end": end, "probability": probability}
        for word, start, end, probability in [
            (" Um", 0.0, 0.3, 0.5), (",", 0.3, 0.9, 0.1), (" twenty", 1.0, 1.4, 0.6), ("-five", 1.4, 1.8, 0.8),
            (" —", 1.8, 1.9, 0.1), (" $", 2.0, 2.1, 0.2), ("5.", 2.1, 2.4, 0.9),
        ]
    ]  # fmt: skip
    assert measured_words(["Um,", "twenty-five", "—", "$5."], pieces) == [
        Measured(0.0, 0.6, 0.5),
        Measured(1.0, 1.8, pytest.approx(0.7)),
        None,
        Measured(2.1, 2.4, 0.9),
    ]
    assert measured_words(["Um,"], []) == [None]


def check_contract(audio: Audio, before: Recognition, after: Recognition, source: str) -> None:
    """What every Aligner promises."""
    assert [(s.start, s.end, s.text) for s in after.segments] == [(s.start, s.end, s.text) for s in before.segments]
    for segment in after.segments:
        assert [word.text for word in segment.words] == segment.text.split()
        assert all(segment.start <= w.start <= w.end <= segment.end <= audio.duration for w in segment.words)
        assert all(first.end <= second.start for first, second in pairwise(segment.words))
        assert {word.time_source for word in segment.words} <= {source, "interpolated"}


@pytest.fixture(scope="module")
def recognizer() -> Any:
    from transcription.speech.engines.whisper import WhisperXRecognizer

    return WhisperXRecognizer(MODELS / "whisper-base", segmentation=SEGMENTATION, threads=2)


@pytest.mark.models
def test_speech_is_recognised_and_words_are_timed(recognizer: Any) -> None:
    from transcription.speech.engines.attention import AttentionAligner

    audio = decode(SAMPLES / "mono_um.wav")
    (heard,) = recognizer.recognize(audio, None, lambda _language: FILLERS)
    assert heard.language == "en"
    assert heard.prompted
    assert "grocery store" in heard.segments[0].text
    assert heard.segments[0].text.lower().startswith("um")
    assert recognizer.name.endswith("faster-whisper base int8")
    timed = AttentionAligner(MODELS / "whisper-base", threads=2).align(audio, heard)
    check_contract(audio, heard, timed, "attention")
    words = timed.segments[0].words
    assert all(word.time_source == "attention" and word.probability for word in words)
    assert [0.0 < word.start < 0.5 for word in words][:1] == [True]
    assert 4.3 < words[-1].end <= 5.1


@pytest.mark.models
def test_each_channel_holds_its_own_party_and_no_call_leaves_a_trace(recognizer: Any) -> None:
    call = decode(SAMPLES / "stereo_call.ogg")
    agent, customer = recognizer.recognize(call, "en", lambda _language: "Um, uh.")
    assert "refund" in agent.segments[0].text
    assert "refund" not in customer.segments[0].text
    assert agent.prompted
    (alone,) = recognizer.recognize(call.channel(1), "en", None)
    assert not alone.prompted
    assert alone.speech == customer.speech
    assert recognizer.recognize(call, "en", lambda _language: "Um, uh.") == (agent, customer)
    assert all(0.0 <= start < end <= call.duration for start, end in (*agent.speech, *customer.speech))


@pytest.mark.models
@pytest.mark.parametrize("seconds", [0.05, 0.2, 3.0])
@pytest.mark.parametrize("level", [0.0, 0.001], ids=["silence", "hiss"])
def test_without_speech_there_are_no_segments(recognizer: Any, seconds: float, level: float) -> None:
    samples = np.random.default_rng(0).standard_normal((1, int(seconds * 16_000))).astype(np.float32) * level
    (heard,) = recognizer.recognize(Audio(samples), None, lambda _language: FILLERS)
    assert heard.segments == ()
    assert heard.speech == ()
    assert heard.language == "und"


def hold_music(seconds: float) -> np.ndarray[Any, Any]:
    """Chords of decaying notes, three harmonics each."""
    notes, clock = np.random.default_rng(1), np.arange(8_000) / 16_000
    chords = []
    for _ in range(int(seconds * 2)):
        pitches = notes.choice([261.6, 293.7, 329.6, 392.0, 440.0, 523.3], 3)
        chords.append(sum(np.sin(2 * np.pi * pitch * k * clock) / k for pitch in pitches for k in (1, 2, 3)))
    return np.concatenate([0.1 * chord * np.exp(-3 * clock) for chord in chords])


def tones(seconds: float, *hertz: float, on: float = 1e9, off: float = 0.0) -> np.ndarray[Any, Any]:
    clock = np.arange(int(seconds * 16_000)) / 16_000
    return sum(0.15 * np.sin(2 * np.pi * pitch * clock) for pitch in hertz) * (clock % (on + off) < on)


SOUNDS = {
    "sine": tones(12, 440),
    "ringback": tones(18, 440, 480, on=2, off=4),
    "busy": tones(12, 480, 620, on=0.5, off=0.5),
    "keys": tones(12, 770, 1336, on=0.15, off=0.1),
    "hold music": hold_music(20),
    "noise": 0.1 * np.random.default_rng(0).standard_normal(12 * 16_000),
}


@pytest.mark.models
@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS)
def test_nothing_is_said_in_sounds_of_the_line(recognizer: Any, sound: np.ndarray[Any, Any]) -> None:
    (heard,) = recognizer.recognize(Audio(sound[np.newaxis].astype(np.float32)), "en", lambda _language: FILLERS)
    assert heard.segments == ()


@pytest.mark.models
def test_text_on_music_taken_for_speech_is_held_back(recognizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognizer, "_speech", lambda audio: ((0.0, audio.duration),))
    monkeypatch.setattr(recognizer, "_listened", lambda windows, *_: [Heard("Thank you.", -1.3) for _ in windows])
    monkeypatch.setattr(type(recognizer._model), "no_speech_probability", lambda *_: 0.9)
    (heard,) = recognizer.recognize(Audio(hold_music(20)[np.newaxis].astype(np.float32)), None, None)
    assert heard.segments == heard.speech == ()
    assert heard.language == "und"
    assert heard.quarantined == (Quarantined(0.0, 20.0, "Thank you.", "Probably no speech"),)


@pytest.mark.models
def test_whisper_itself_tells_silence_from_speech(recognizer: Any) -> None:
    speech = recognizer._model.no_speech_probability(decode(SAMPLES / "mono_um.wav").samples[0], "en")
    assert speech < 0.3 < recognizer._model.no_speech_probability(np.zeros(16_000, np.float32), "en")


@pytest.mark.models
@pytest.mark.parametrize(("lost", "prompted"), [(0, True), (1, True), (5, False)])
def test_a_prompt_that_deletes_words_is_given_up(
    recognizer: Any, monkeypatch: pytest.MonkeyPatch, lost: int, prompted: bool
) -> None:
    said = (
        "I was charged twice this month and nobody called me back when I reported it, so yesterday my husband went to "
        "the shop on Market Street, where a young man told him that only the telephone line could help us, which is "
        "exactly what your website said would not be needed for customers who bought their plan before last summer"
    )

    def heard(windows: list[Any], _language: str, prompt: str | None) -> list[Heard]:
        words = said.split()
        return [Heard(" ".join(words[lost:] if prompt else words), -0.2) for _ in windows]

    monkeypatch.setattr(recognizer, "_speech", lambda audio: ((0.0, audio.duration),))
    monkeypatch.setattr(recognizer, "_listened", heard)
    monkeypatch.setattr("transcription.speech.engines.whisper.is_controlled", lambda *_: True)
    (found,) = recognizer.recognize(Audio(np.zeros((1, 25 * 16_000), np.float32)), "en", lambda _language: FILLERS)
    assert found.prompted is prompted
    assert len(found.segments[0].text.split()) == len(said.split()) - (lost if prompted else 0)
    assert [note.split(" of ")[0] for note in found.notes] == ([] if prompted else ["Asking for fillers made 8 %"])


@pytest.mark.models
def test_absurd_windows_are_heard_again_without_the_prompt(recognizer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, str | None]] = []

    def heard(windows: list[Any], _language: str, prompt: str | None) -> list[Heard]:
        calls.append((len(windows), prompt))
        return [Heard("no " * 40, -0.1), Heard("thank you", -0.2, prompt)] if prompt else [Heard("again", -0.3)]

    monkeypatch.setattr(recognizer, "_listened", heard)
    assert [item.text for item in recognizer._heard([whole(10.0)] * 2, "en", FILLERS)] == ["again", "thank you"]
    assert calls == [(2, FILLERS), (1, None)]


@pytest.mark.models
def test_english_only_model_refuses_other_languages() -> None:
    from transcription.speech.engines.whisper import WhisperXRecognizer

    small = WhisperXRecognizer(MODELS / "whisper-tiny.en", segmentation=SEGMENTATION, beam_size=1, threads=2)
    audio = decode(SAMPLES / "mono_um.wav")
    assert small.recognize(audio, None, None)[0].language == "en"
    with pytest.raises(SpeechError, match="English only") as caught:
        small.recognize(audio, "fr", None)
    assert caught.value.permanent


@pytest.mark.models
def test_missing_weights_say_what_to_run(tmp_path: Path) -> None:
    from transcription.speech.engines.attention import AttentionAligner

    with pytest.raises(SpeechError, match="fetch_models") as caught:
        AttentionAligner(tmp_path)
    assert caught.value.permanent


@pytest.fixture
def tiny_wav2vec2(tmp_path: Path) -> str:
    """A random wav2vec2 CTC model that knows only the letters of "um yes"."""
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForCTC,
        Wav2Vec2Processor,
    )

    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", *"umyes"]
    (tmp_path / "vocab.json").write_text(json.dumps({letter: index for index, letter in enumerate(letters)}))
    folder = str(tmp_path / "tiny")
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), Wav2Vec2CTCTokenizer(str(tmp_path / "vocab.json"))).save_pretrained(
        folder
    )
    config = Wav2Vec2Config(
        vocab_size=len(letters), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        conv_dim=(8, 8, 8), conv_stride=(5, 8, 8), conv_kernel=(10, 8, 8), num_conv_pos_embeddings=8,
        num_conv_pos_embedding_groups=2, pad_token_id=0,
    )  # fmt: skip
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    return folder


@pytest.mark.models
def test_wav2vec2_from_a_folder(tiny_wav2vec2: str) -> None:
    from transcription.speech.engines.wav2vec2 import Wav2Vec2Aligner

    audio = decode(SAMPLES / "mono_um.wav")
    heard = Recognition(
        "en",
        (Segment(0.2, 3.0, "Um, yes yes."), Segment(3.0, 5.0, "yes 42!"), Segment(5.0, 5.02, "um yes um yes")),
        ((0.2, 1.0), (1.8, 3.0), (3.0, 5.0)),
        prompted=False,
    )
    timed = Wav2Vec2Aligner(tiny_wav2vec2).align(audio, heard)
    check_contract(audio, heard, timed, "wav2vec2")
    assert [word.time_source for word in timed.segments[0].words] == ["wav2vec2"] * 3
    assert all(word.end <= 1.0 or word.start >= 1.8 for word in timed.segments[0].words)
    assert [word.time_source for word in timed.segments[2].words] == ["interpolated"] * 4


@pytest.mark.models
def test_wav2vec2_without_a_model_says_so(tmp_path: Path) -> None:
    from transcription.speech.engines.wav2vec2 import Wav2Vec2Aligner

    with pytest.raises(SpeechError, match="loading the wav2vec2 model"):
        Wav2Vec2Aligner(str(tmp_path / "nothing"))
