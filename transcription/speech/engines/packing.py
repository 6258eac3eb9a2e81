"""Speech without the long pauses: what Whisper's 30 s windows are filled with, and the way back to the call's clock.

A party of a stereo call is silent most of the time. Cutting the pauses lets one window hold several utterances, and
keeps aligned words from drifting into silence. Recogniser and aligners pack alike: a segment is the same sound to both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transcription.speech.types import SAMPLE_RATE, Audio, Segment

WINDOW_SECONDS = 30.0
PAD_SECONDS = 0.25
"""Sound kept on each side of detected speech; pauses up to twice this long stay whole."""
MAX_REGION_SECONDS = WINDOW_SECONDS - 2 * PAD_SECONDS

Region = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """Sound kept from `start` to `end` of the call, around the detected `speech`. Seconds."""

    start: float
    end: float
    speech: Region

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Packed:
    """Pieces of a one-channel sound back to back. They are joined when asked for: a call is held in memory once."""

    sound: NDArray[np.float32]
    pieces: tuple[Piece, ...]

    @property
    def samples(self) -> NDArray[np.float32]:
        """Shape (n,)."""
        return np.concatenate([self.sound[:0], *(self.sound[start:end] for start, end in self._spans())])

    @property
    def duration(self) -> float:
        return sum(end - start for start, end in self._spans()) / SAMPLE_RATE

    @property
    def speech_seconds(self) -> float:
        return sum(end - start for start, end in (piece.speech for piece in self.pieces))

    def _spans(self) -> Iterator[tuple[int, int]]:
        """First and last sample of each piece, the last one excluded."""
        for piece in self.pieces:
            yield round(piece.start * SAMPLE_RATE), min(round(piece.end * SAMPLE_RATE), len(self.sound))

    def on_call(self, start: float, end: float) -> Region:
        """The call's times of a span of the packed sound; across a cut, the speech that holds most of it wins."""
        best, most = (start, end), float("-inf")
        offset = 0.0
        for piece in self.pieces:
            shift = piece.start - offset
            low, high = max(start + shift, piece.speech[0]), min(end + shift, piece.speech[1])
            if high - low > most:
                most = high - low
                best = (low, high) if high >= low else _clamped(start + shift, end + shift, piece.speech)
            offset += piece.duration
        return best


def pieces_of(speech: Sequence[Region], duration: float) -> tuple[Piece, ...]:
    """Detected speech, in order, with padding that never reaches past half of a gap or the ends of the call."""
    if not speech:
        return ()
    halves = [(after[0] - before[1]) / 2 for before, after in pairwise(speech)]
    room_before = [speech[0][0], *halves]
    room_after = [*halves, duration - speech[-1][1]]
    return tuple(
        Piece(start - _padding(before), end + _padding(after), (start, end))
        for (start, end), before, after in zip(speech, room_before, room_after, strict=True)
    )


def windows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Consecutive pieces that fit into one window together."""
    windows: list[list[Piece]] = []
    filled = WINDOW_SECONDS
    for piece in pieces:
        if filled + piece.duration > WINDOW_SECONDS or not windows:
            windows.append([])
            filled = 0.0
        windows[-1].append(piece)
        filled += piece.duration
    return windows


def pack(audio: Audio, pieces: Sequence[Piece]) -> Packed:
    """The pieces' sound of one-channel audio, joined."""
    return Packed(audio.samples[0], tuple(pieces))


def pack_segment(audio: Audio, segment: Segment, speech: Sequence[Region]) -> Packed:
    """The sound of one recognised segment; all of its span when no detected speech is known in it."""
    within = [p for p in pieces_of(speech, audio.duration) if p.speech[0] < segment.end and p.speech[1] > segment.start]
    return pack(audio, within or [Piece(segment.start, segment.end, (segment.start, segment.end))])


def _padding(room: float) -> float:
    return max(0.0, min(PAD_SECONDS, room))


def _clamped(start: float, end: float, limits: Region) -> Region:
    low, high = limits
    return min(max(start, low), high), min(max(end, low), high)
