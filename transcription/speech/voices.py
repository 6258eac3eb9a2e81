"""Which voice is whose: where a speaker is heard alone, and how alike two voices are.

A voice is a unit vector of the VoiceEmbedder that made it; vectors of different embedders cannot be compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .ports import VoiceEmbedder
from .types import Audio, Layout, SpeakerTurn, Voice

SHORTEST_S = 0.8
"""A shorter stretch may be a cough, or the tail of the other party's word."""

LEAST_S = 4.0
"""Less than this in all does not tell a voice."""

ENOUGH_S = 45.0
"""More speech hardly changes the vector and costs time."""


def voices_of(
    embedder: VoiceEmbedder, audio: Audio, layout: Layout, activity: Sequence[SpeakerTurn], speakers: Sequence[str]
) -> dict[str, Voice]:
    """The voices of these speakers of a call, as far as they talk enough. On stereo calls each has a channel."""
    heard = [turn for speaker in speakers for turn in alone(activity, speaker)]
    if layout != "stereo":
        return dict(embedder.embed(audio.mono(), heard))
    found: dict[str, Voice] = {}
    for number in range(audio.channels):
        own = [turn for turn in heard if turn.speaker == f"Speaker {number + 1}"]
        found |= embedder.embed(audio.channel(number), own) if own else {}
    return found


def alone(activity: Sequence[SpeakerTurn], speaker: str) -> list[SpeakerTurn]:
    """The longest stretches in which `speaker` is the only one heard, ENOUGH_S in all; none under LEAST_S in all."""
    others = sorted((turn for turn in activity if turn.speaker != speaker), key=lambda turn: turn.start)
    pieces = [piece for turn in activity if turn.speaker == speaker for piece in _without(turn, others)]
    kept, seconds = [], 0.0
    for piece in sorted(pieces, key=lambda piece: piece.start - piece.end):
        if seconds >= ENOUGH_S or piece.end - piece.start < SHORTEST_S:
            break
        kept.append(piece)
        seconds += piece.end - piece.start
    return sorted(kept, key=lambda piece: piece.start) if seconds >= LEAST_S else []


def centre(voices: Sequence[Voice]) -> Voice:
    """The mean of at least one voice, again of length 1."""
    return unit([sum(values) for values in zip(*voices, strict=True)])


def unit(vector: Sequence[float]) -> Voice:
    length = math.sqrt(sum(value * value for value in vector))
    return tuple(value / length for value in vector)


def likenesses(voices: Mapping[str, Voice], known: Voice) -> dict[str, float]:
    """The cosine of each voice and the known one, in [-1, 1]."""
    return {name: sum(a * b for a, b in zip(voice, known, strict=True)) for name, voice in voices.items()}


def _without(turn: SpeakerTurn, others: Sequence[SpeakerTurn]) -> list[SpeakerTurn]:
    """What is left of a turn while none of the others (sorted by start) is heard."""
    pieces, position = [], turn.start
    for other in others:
        if other.end <= position:
            continue
        if other.start >= turn.end:
            break
        if other.start > position:
            pieces.append(SpeakerTurn(turn.speaker, position, other.start))
        position = max(position, other.end)
    return [*pieces, SpeakerTurn(turn.speaker, position, turn.end)] if position < turn.end else pieces
