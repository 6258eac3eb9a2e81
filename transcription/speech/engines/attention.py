"""Word times from Whisper's own cross-attention, by dynamic time warping (the method of openai-whisper's timing.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer

from transcription.speech.types import Audio, Recognition, Segment

from .failures import engine_errors
from .packing import Packed, pack_segment
from .weights import load_whisper
from .words import Measured, with_words

FRAMES_PER_SECOND = 100
BATCH = 4
PUNCTUATION_SECONDS = 0.3
"""At most this much of a punctuation mark's time belongs to the word before it; detected speech may end it sooner."""


class AttentionAligner:
    """Shares the weights of a WhisperXRecognizer that was made with the same first four arguments."""

    def __init__(self, model_dir: Path, device: str = "cpu", compute_type: str = "int8", threads: int = 0) -> None:
        self._model = load_whisper(Path(model_dir), device, compute_type, threads)
        self.name = f"whisper attention, faster-whisper {version('faster-whisper')} {Path(model_dir).name}"

    def align(self, audio: Audio, recognition: Recognition) -> Recognition:
        """Adds words; a segment whose words cannot be placed gets evenly spread ones, marked `interpolated`."""
        with engine_errors("measuring word times"):
            segments = tuple(self._aligned(audio, recognition))
        return replace(recognition, segments=segments)

    def _aligned(self, audio: Audio, recognition: Recognition) -> Iterator[Segment]:
        tokenizer = self._tokenizer(recognition.language)
        for first in range(0, len(recognition.segments), BATCH):
            batch = recognition.segments[first : first + BATCH]
            packed = [pack_segment(audio, segment, recognition.speech) for segment in batch]
            found = self._attend(tokenizer, [segment.text for segment in batch], packed)
            for segment, sound, pieces in zip(batch, packed, found, strict=True):
                yield with_words(segment, sound, measured_words(segment.text.split(), pieces), "attention")

    def _tokenizer(self, language: str) -> Any:
        known = language if language in self._model.supported_languages else "en"
        return Tokenizer(self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=known)

    def _attend(self, tokenizer: Any, texts: Sequence[str], packed: Sequence[Packed]) -> list[list[Mapping[str, Any]]]:
        """Per text, faster-whisper's word pieces with start and end in seconds of the packed sound."""
        features = [self._model.feature_extractor(sound.samples) for sound in packed]
        lengths = [frames.shape[-1] for frames in features]
        encoded = self._model.encode(np.stack([pad_or_trim(frames) for frames in features]))
        tokens = [[token for token in tokenizer.encode(" " + text) if token < tokenizer.eot] for text in texts]
        limits = [min(length, 30 * FRAMES_PER_SECOND) for length in lengths]
        return list(self._model.find_alignment(tokenizer, tokens, encoded, limits))


def measured_words(texts: Sequence[str], pieces: Sequence[Mapping[str, Any]]) -> list[Measured | None]:
    """One measurement per word of the text, from pieces that may split words ("twenty", "-five") or be punctuation."""
    ends = np.cumsum([len(text) for text in texts])
    groups: list[list[Mapping[str, Any]]] = [[] for _ in texts]
    position = 0
    for piece in pieces:
        word = int(np.searchsorted(ends, position, side="right"))
        if word < len(groups):
            groups[word].append(piece)
        position += len("".join(piece["word"].split()))
    return [_merged(group) for group in groups]


def _merged(pieces: Sequence[Mapping[str, Any]]) -> Measured | None:
    """Attention gives a word's last sound to the punctuation behind it, pause and all: the word gets a little of it."""
    spoken = [piece for piece in pieces if any(character.isalnum() for character in piece["word"])]
    if not spoken:
        return None
    probability = float(np.mean([piece["probability"] for piece in spoken]))
    end = min(float(pieces[-1]["end"]), float(spoken[-1]["end"]) + PUNCTUATION_SECONDS)
    return Measured(float(spoken[0]["start"]), end, probability)
