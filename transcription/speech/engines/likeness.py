"""How alike two people on one line sound, where it is known who speaks when: what makes a call hard to diarize."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from transcription.speech.types import Audio, SpeakerTurn

from .camplusplus import FRAME_RATE, load_network
from .failures import engine_errors
from .resegmentation import distance
from .voiceprints import voiceprints


class VoiceLikeness:
    """Compares voices by CAM++ embeddings, the diarizer's own, from the same file."""

    def __init__(self, embedding: Path, device: str = "cpu") -> None:
        self._network = load_network(embedding, device)

    def closest(self, audio: Audio, activity: Sequence[SpeakerTurn]) -> float | None:
        """The distance (see `resegmentation.distance`) of the two most alike; None of fewer than two people.

        `activity` is who truly speaks when. Moments in which several speak count for nobody.
        """
        speakers = sorted({turn.speaker for turn in activity})
        if len(speakers) < 2:
            return None
        active = _active(audio, activity, speakers)
        waveform = torch.from_numpy(audio.mono().samples[0])
        with engine_errors("comparing voices"):
            prints = voiceprints(self._network, waveform, active.sum(axis=0) == 1)
            # A party of its own for moments when nobody speaks keeps them out of every pair.
            path = np.where(active.any(axis=0), active.argmax(axis=0), len(speakers))
            return min(distance(prints, path, pair) for pair in combinations(range(len(speakers)), 2))


def _active(audio: Audio, activity: Sequence[SpeakerTurn], speakers: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each speaker is active, (speakers, frames) at FRAME_RATE."""
    active = np.zeros((len(speakers), int(audio.duration * FRAME_RATE) + 1), np.bool_)
    for turn in activity:
        active[speakers.index(turn.speaker), round(turn.start * FRAME_RATE) : round(turn.end * FRAME_RATE)] = True
    return active
