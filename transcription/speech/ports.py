"""The seams of the pipeline. An engine is any class with the right method; settings name it by dotted path.

A constructor loads the model; the method is stateless and returns one frozen value. Tensors never leave the engine.
Library errors become SpeechError, so that callers know whether trying again can help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .types import Audio, Recognition, Sentiment, SpeakerRange, SpeakerTurn, SpeakerTurns, Turn, Voice

Meanings = NDArray[np.float32]
"""One row of unit length for each text; the product of two rows says how alike they are, up to 1."""

Progress = Callable[[str, float], None]
"""Called with the stage's name ("recognizing") and the share of it that is done, in [0, 1]."""


PromptFor = Callable[[str], str]
"""Makes the prompt for a language, which may only be known once the recogniser has detected it."""


class SpeechError(Exception):
    """Speech processing failed. `permanent` errors (bad audio) will fail again; others (memory, disk) may not."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Recognizer(Protocol):
    name: str
    """Name and version of the model, recorded with every transcript. Every engine has one."""

    def recognize(self, audio: Audio, language: str | None, prompt: PromptFor | None) -> tuple[Recognition, ...]:
        """One Recognition per channel, all in one language. Language None means detect; prompt None means no prompt."""


class Aligner(Protocol):
    name: str

    def align(self, audio: Audio, recognition: Recognition) -> Recognition:
        """The same segments, every one with words that have times (measured, or marked `interpolated`)."""


class Diarizer(Protocol):
    name: str

    def diarize(self, audio: Audio, speakers: SpeakerRange) -> SpeakerTurns:
        """Speaker turns of one-channel audio. Fewer speakers than asked for when no more voices are heard."""


class SentimentScorer(Protocol):
    name: str

    def score(self, turns: Sequence[Turn]) -> Sequence[Sentiment]:
        """One Sentiment per turn, in order. A turn's role may be None."""


class Embedder(Protocol):
    name: str

    def embed(self, texts: Sequence[str]) -> Meanings:
        """Shape (texts, width)."""


class Grouper(Protocol):
    name: str

    def group(self, meanings: Meanings) -> list[list[int]]:
        """Rows that mean the same, as lists of their numbers, largest first; rows like no other are in none.

        Memory grows with the square of the rows.
        """


class VoiceEmbedder(Protocol):
    name: str

    def embed(self, audio: Audio, activity: Sequence[SpeakerTurn]) -> Mapping[str, Voice]:
        """The voice of each speaker in `activity`, of one-channel audio."""
