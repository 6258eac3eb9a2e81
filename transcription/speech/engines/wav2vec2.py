"""Word times by WhisperX's forced alignment with a wav2vec2 CTC model."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

from transcription.speech.types import Audio, Recognition, Segment

from .failures import engine_errors
from .packing import pack_segment
from .words import Measured, with_words

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whisperx import alignment

# To group words into sentences WhisperX loads NLTK's splitter, which downloads itself. Only words are used here.
alignment.nltk_load = lambda _resource: SimpleNamespace(span_tokenize=lambda text: [(0, len(text))])


class Wav2Vec2Aligner:
    """One wav2vec2 model for one language.

    `model` is a folder, a hub or torchaudio name, or None for WhisperX's default. Names need the model in the local
    cache, unless the hub is allowed (HF_HUB_OFFLINE=0).
    """

    def __init__(self, model: str | None = None, language: str = "en", device: str = "cpu") -> None:
        self._device = device
        with engine_errors("loading the wav2vec2 model"):
            self._model, self._metadata = alignment.load_align_model(language, device, model_name=model)
        self.name = f"whisperx {version('whisperx')}, wav2vec2 {model or 'default'} {language}"

    def align(self, audio: Audio, recognition: Recognition) -> Recognition:
        """Adds words; those of which no character is known to the model are marked `interpolated`."""
        with engine_errors("measuring word times"):
            segments = tuple(self._segment(audio, segment, recognition) for segment in recognition.segments)
        return replace(recognition, segments=segments)

    def _segment(self, audio: Audio, segment: Segment, recognition: Recognition) -> Segment:
        packed = pack_segment(audio, segment, recognition.speech)
        texts = segment.text.split()
        whole = {"start": 0.0, "end": packed.duration, "text": " ".join(texts)}
        result = alignment.align([whole], self._model, self._metadata, packed.samples, self._device)
        return with_words(segment, packed, _measured(texts, result["word_segments"]), "wav2vec2")


def _measured(texts: Sequence[str], words: Sequence[Mapping[str, Any]]) -> list[Measured | None]:
    """One entry per word; WhisperX returns none at all when a segment is too short for its text."""
    if [word["word"] for word in words] != list(texts):
        return [None] * len(texts)
    return [_measurement(word) for word in words]


def _measurement(word: Mapping[str, Any]) -> Measured | None:
    score = word.get("score", math.nan)  # a word that WhisperX interpolated has times but no score
    return None if math.isnan(score) else Measured(float(word["start"]), float(word["end"]), float(score))
