"""The trellis on hand-made scores, labels for training, and the real head on a few seconds of speech."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transcription.speech.audio import decode
from transcription.speech.engines.trellis import ALPHABET, CLASSES, Placed, Scores, classes_of, place
from transcription.speech.ports import SpeechError
from transcription.speech.types import Audio, Recognition, Segment

SAMPLES = Path(__file__).parents[1] / "samples"
MODELS = Path(os.environ.get("VERBATIM_MODELS_DIR", Path(__file__).parents[2] / "var/models"))
SEGMENTATION = MODELS / "segmentation-3.0/pytorch_model.bin"


def heard(sounds: str, sure: float = 0.9) -> Scores:
    """Scores of a head that hears one class per frame: a letter, or "_" for silence."""
    probabilities = np.full((len(sounds), CLASSES), (1 - sure) / (CLASSES - 1))
    for frame, sound in enumerate(sounds):
        probabilities[frame, 0 if sound == "_" else 1 + ALPHABET.index(sound)] = sure
    return np.log(probabilities).astype(np.float32)


def spans(sounds: str, *words: str) -> list[tuple[int, int] | None]:
    placed = place(heard(sounds), words)
    assert placed is not None
    return [(word.start, word.end) if word else None for word in placed]


def test_words_begin_and_end_with_their_sound() -> None:
    assert spans("___uummm____yyeess__", "Um,", "yes.") == [(3, 8), (12, 18)]


def test_silence_is_optional_before_between_and_after_words() -> None:
    assert spans("umyes", "um", "yes") == [(0, 2), (2, 5)]
    assert spans("_umyes", "um", "yes") == [(1, 3), (3, 6)]
    assert spans("um__yes", "um", "yes") == [(0, 2), (4, 7)]


def test_words_are_contiguous_and_the_same_word_twice_is_two_places() -> None:
    assert spans("_nn_oo___no_", "no", "no") == [(1, 6), (9, 11)]
    assert spans("lleett_", "lett") == [(0, 6)], "letters that are written twice and spoken once"


def test_confidence_is_the_mean_probability_of_the_letters() -> None:
    assert place(heard("_um_", sure=0.8), ["um"]) == [Placed(1, 3, pytest.approx(0.8, abs=1e-5))]
    misheard = place(heard("_ux_"), ["um"])
    assert misheard is not None
    assert misheard[0] is not None
    assert misheard[0].probability == pytest.approx((0.9 + 0.1 / 27) / 2)


def test_digits_and_foreign_letters_take_the_sound_between_their_neighbours() -> None:
    room = "room_" + "fouurtwoelve"[:12] + "ttwoooo__at"
    assert spans(room, "room", "42", "at") == [(0, 4), (5, 24), (26, 28)]
    wildcard = place(heard(room), ["room", "42", "at"])
    assert wildcard is not None
    assert wildcard[1] == Placed(5, 24, None), "no letters, no confidence"
    assert spans("_" + "s" * 5 + "_um", "я", "um") == [(1, 6), (7, 9)]


def test_spelling_is_made_plain() -> None:
    assert classes_of("Café’s") == classes_of("cafe's")
    assert classes_of("Um,") == classes_of("um")
    assert len(classes_of("$5")) == 16
    assert classes_of("—") == []


def test_words_that_are_not_spoken_have_no_place() -> None:
    assert spans("_um_yes", "um", "—", "yes") == [(1, 3), None, (4, 7)]
    assert spans("____", "—") == [None]


def test_too_many_words_for_the_frames_fail_as_a_whole() -> None:
    assert place(heard("um"), ["umm"]) is None
    assert place(heard("u"), ["um", "um"]) is None
    assert place(heard(""), ["um"]) is None
    assert place(heard("_" * 7), ["4"]) is None
    assert place(heard("_" * 8), ["4"]) is not None


def test_labels_for_training() -> None:
    pytest.importorskip("whisperx")
    from transcription.speech.engines.alignment_training import UNKNOWN, allowed, spread_labels
    from transcription.speech.engines.trellis import states_of

    u, m, n, o = (1 + ALPHABET.index(letter) for letter in "umno")
    times = np.array([[0.02, 0.06], [0.07, 0.09]])
    assert spread_labels(["Um,", "no"], times, 10).tolist() == [0, 0, u, u, m, m, 0, n, o, 0]
    assert spread_labels(["4"], np.array([[0.0, 0.08]]), 10).tolist() == [UNKNOWN] * 8 + [0, 0]
    may = allowed(states_of(["um"]), np.array([[0.02, 0.06]]), 8)
    assert may[:, 1].tolist() == [False, True, True, True, True, True, True, False], "a frame of slack on both sides"
    assert may[:, 0].tolist() == [True, True, True, False, False, True, True, True], "no silence inside the word"


def test_flite_speech_has_known_word_times() -> None:
    from transcription.speech.engines.alignment_speech import synthesise, telephone

    try:
        first, *others = synthesise(["slt"], ["Um, I'd like two tickets, please.", "My number's changed."] * 6)
    except SpeechError as error:
        pytest.skip(str(error))
    assert sum(len(window.words) for window in (first, *others)) == 54
    for window in (first, *others):
        assert window.spans is not None
        assert (np.diff(window.spans.ravel()) >= -1e-6).all()
        assert len(window.samples) <= 30 * 16_000
        sound = telephone(window.samples)
        loud = [np.abs(sound[int(start * 16_000) : int(end * 16_000)]).max() for start, end in window.spans]
        assert min(loud) > 0.01


def test_a_telephone_keeps_the_band_and_the_clock() -> None:
    pytest.importorskip("whisperx")
    from transcription.speech.engines.alignment_speech import telephone

    clock = np.arange(16_000) / 16_000

    def level(frequency: float) -> float:
        return float(np.std(telephone((0.1 * np.sin(2 * np.pi * frequency * clock)).astype(np.float32))))

    assert level(1_000) == pytest.approx(0.0707, rel=0.02)
    assert level(100) < 0.001
    assert level(5_000) < 0.001
    click = np.zeros(16_000, np.float32)
    click[8_000] = 0.9
    assert abs(int(np.abs(telephone(click)).argmax()) - 8_000) <= 1


def test_a_missing_or_broken_head_says_so(tmp_path: Path) -> None:
    pytest.importorskip("whisperx")
    from transcription.speech.engines.alignment_head import load_head

    with pytest.raises(SpeechError, match="train_alignment_head --model whisper-huge"):
        load_head(tmp_path / "whisper-huge.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    with pytest.raises(SpeechError, match="no alignment head"):
        load_head(tmp_path / "bad.safetensors")


@pytest.fixture(scope="module")
def recognizer() -> Any:
    from transcription.speech.engines.whisper import WhisperXRecognizer

    return WhisperXRecognizer(MODELS / "whisper-base", segmentation=SEGMENTATION, threads=2)


@pytest.fixture(scope="module")
def aligner(recognizer: Any) -> Any:
    from transcription.speech.engines.alignment_head import AlignmentHeadAligner

    return AlignmentHeadAligner(MODELS / "whisper-base", threads=2)


@pytest.fixture(scope="module")
def sample() -> Audio:
    return decode(SAMPLES / "mono_um.wav")


def told(text: str, audio: Audio, language: str = "en") -> Recognition:
    return Recognition(language, (Segment(0.0, audio.duration, text),), ((0.0, audio.duration),), prompted=False)


@pytest.mark.models
def test_word_edges_are_where_the_sound_begins_and_ends(recognizer: Any, aligner: Any, sample: Audio) -> None:
    (heard_text,) = recognizer.recognize(sample, "en", None)
    timed = aligner.align(sample, heard_text)
    assert [(s.start, s.end, s.text) for s in timed.segments] == [(s.start, s.end, s.text) for s in heard_text.segments]
    text = "Um, I think it was at a grocery store, like, around six in the evening."
    (segment,) = aligner.align(sample, told(text, sample)).segments
    words = {word.text: word for word in segment.words}
    assert [word.text for word in segment.words] == text.split()
    assert {word.time_source for word in segment.words} == {"alignment_head"}
    assert words["Um,"].start == pytest.approx(0.14, abs=0.06)
    assert words["Um,"].end == pytest.approx(0.48, abs=0.06)
    assert words["I"].start == pytest.approx(1.06, abs=0.06)
    assert words["evening."].end == pytest.approx(4.82, abs=0.06)
    assert all(0 < (word.probability or 0) <= 1 for word in segment.words)


@pytest.mark.models
def test_the_sound_is_encoded_once(
    recognizer: Any, aligner: Any, sample: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transcription.speech.engines import weights

    model = aligner._model
    model._encoded.clear()
    longer = Audio(np.concatenate([sample.samples, sample.samples * 0.0, sample.samples], axis=1))
    (heard_text,) = recognizer.recognize(longer, "en", None)
    kept = aligner.align(longer, heard_text)
    model._encoded.clear()
    again = aligner.align(longer, heard_text)
    assert [w.start for s in again.segments for w in s.words] == pytest.approx(
        [w.start for s in kept.segments for w in s.words], abs=0.021
    )

    recognizer.recognize(longer, "en", None)
    monkeypatch.setattr(weights.WhisperModel, "encode", lambda *_args: pytest.fail("encoded twice"))
    assert aligner.align(longer, heard_text) == kept


@pytest.mark.models
def test_windows_kept_are_limited(aligner: Any, sample: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    from transcription.speech.engines import weights

    model = aligner._model
    monkeypatch.setattr(weights, "WINDOWS_KEPT", 1)
    model.encode(model.mel(sample.samples[0]))
    model.encode(model.mel(sample.samples[0][:16_000]))
    assert len(model._encoded) == 1


@pytest.mark.models
def test_what_does_not_fit_is_measured_by_attention(aligner: Any, sample: Audio) -> None:
    crowded = Recognition(
        "en",
        (Segment(0.0, 0.6, "Um, " * 60), Segment(1.0, 5.2, "I think it was at a grocery store")),
        ((0.0, 0.6), (1.0, 5.2)),
        prompted=False,
    )
    first, second = aligner.align(sample, crowded).segments
    assert {word.time_source for word in first.words} <= {"attention", "interpolated"}
    assert len(first.words) == 60
    assert {word.time_source for word in second.words} == {"alignment_head"}
    (other,) = aligner.align(sample, told("Um, I think", sample, language="de")).segments
    assert {word.time_source for word in other.words} == {"attention"}


@pytest.mark.models
def test_models_without_a_head_say_what_to_run(tmp_path: Path) -> None:
    from transcription.speech.engines.alignment_head import AlignmentHeadAligner

    with pytest.raises(SpeechError, match="train_alignment_head"):
        AlignmentHeadAligner(tmp_path / "whisper-small")
