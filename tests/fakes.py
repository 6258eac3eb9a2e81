"""Deterministic engines for tests of everything around the models. They never look at the sound, only at its length."""

import re
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np

from transcription.speech.ports import Meanings, PromptFor, SpeechError
from transcription.speech.types import (
    Audio,
    Recognition,
    Segment,
    Sentiment,
    SpeakerRange,
    SpeakerTurn,
    SpeakerTurns,
    Turn,
    Voice,
    Word,
)


class FakeRecognizer:
    name = "fake recognizer"

    def __init__(self, text: str = "thank you for calling um how can I help", error: SpeechError | None = None) -> None:
        self.text = text
        self.error = error

    def recognize(self, audio: Audio, language: str | None, prompt: PromptFor | None) -> tuple[Recognition, ...]:
        if self.error:
            raise self.error
        span = (0.0, audio.duration)
        segments = (Segment(*span, self.text),) if self.text else ()
        heard = Recognition(language or "en", segments, (span,) if self.text else (), prompted=prompt is not None)
        return (heard,) * audio.channels


class FakeAligner:
    """Spreads the words of a segment evenly over it."""

    name = "fake aligner"

    def align(self, audio: Audio, recognition: Recognition) -> Recognition:
        return replace(recognition, segments=tuple(self._spread(segment) for segment in recognition.segments))

    @staticmethod
    def _spread(segment: Segment) -> Segment:
        texts = segment.text.split()
        step = (segment.end - segment.start) / max(len(texts), 1)
        words = tuple(
            Word(text, segment.start + i * step, segment.start + (i + 1) * step, 0.9, "attention")
            for i, text in enumerate(texts)
        )
        return replace(segment, words=words)


class FakeDiarizer:
    """The first `share` of the call belongs to one speaker, the rest to the other."""

    name = "fake diarizer"

    def __init__(self, share: float = 0.5) -> None:
        self.share = share

    def diarize(self, audio: Audio, speakers: SpeakerRange) -> SpeakerTurns:
        change = audio.duration * self.share
        turns = (SpeakerTurn("a", 0.0, change), SpeakerTurn("b", change, audio.duration))
        return SpeakerTurns(turns, turns)


class FakeSentiment:
    name = "fake sentiment"

    def score(self, turns: Sequence[Turn]) -> Sequence[Sentiment]:
        return [Sentiment("neutral", 0.0) for _ in turns]


class FakeEmbedder:
    """Texts with the same words mean the same, whatever their order."""

    name = "fake embedder"

    def embed(self, texts: Sequence[str]) -> Meanings:
        counts = np.full((len(texts), 384), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"[a-z']+", text.lower()):
                counts[row, crc32(word.encode()) % 384] += 1
        meanings: Meanings = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return meanings


class FakeGrouper:
    """A row joins the first group that is begun by one it shares half its words with."""

    name = "fake grouper"

    def group(self, meanings: Meanings) -> list[list[int]]:
        groups: list[list[int]] = []
        for row, meaning in enumerate(meanings):
            near = next((rows for rows in groups if meanings[rows[0]] @ meaning >= 0.5), None)
            if near is None:
                groups.append([row])
            else:
                near.append(row)
        return sorted((rows for rows in groups if len(rows) > 1), key=len, reverse=True)


class FakeVoices:
    """Everybody's voice is where they first speak: the first speaker's at (1, 0), later ones' turned away from it."""

    name = "fake voices"

    def embed(self, audio: Audio, activity: Sequence[SpeakerTurn]) -> dict[str, Voice]:
        starts = sorted((turn.start, turn.speaker) for turn in activity)
        return {
            speaker: (1.0, 0.0) if start < audio.duration / 4 else (0.6, 0.8) for start, speaker in reversed(starts)
        }
