"""The meaning of sentences as MiniLM was trained to give it: mean of all six layers' output, at unit length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from transcription.speech.ports import Meanings

from .failures import engine_errors
from .minilm import SentenceEncoder


class MiniLMEmbedder:
    """all-MiniLM-L6-v2: English sentences, 384 numbers each. Other languages get a meaning too, but a poor one."""

    def __init__(self, model_dir: Path) -> None:
        self._encoder = SentenceEncoder(model_dir)
        self._width = 384
        self.name = model_dir.name

    def embed(self, texts: Sequence[str]) -> Meanings:
        if not texts:
            return np.zeros((0, self._width), dtype=np.float32)
        with engine_errors("embedding sentences"):
            pooled = self._encoder.pooled(texts)
        meanings: Meanings = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return meanings
