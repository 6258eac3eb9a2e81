"""Voices as CAM++ sees them: one vector for each speaker, from all that this speaker says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from transcription.speech.ports import SpeechError
from transcription.speech.types import SAMPLE_RATE, Audio, SpeakerTurn, Voice
from transcription.speech.voices import unit

from .camplusplus import CONTEXT, CamPlusPlus, filterbank, load_network


class CamPlusPlusVoices:
    """The embedding network of the diarizer, whose copy in memory it shares. Vectors have 192 numbers."""

    def __init__(self, embedding: Path, device: str = "cpu") -> None:
        self.name = "CAM++"
        self._network = load_network(embedding, device)

    def embed(self, audio: Audio, activity: Sequence[SpeakerTurn]) -> dict[str, Voice]:
        """The voice of each speaker in `activity`, from one-channel audio; nobody who is not heard at all."""
        sound = torch.from_numpy(audio.samples[0])
        heard: dict[str, list[Tensor]] = {}
        for turn in activity:
            features = filterbank(sound[round(turn.start * SAMPLE_RATE) : round(turn.end * SAMPLE_RATE)])
            heard.setdefault(turn.speaker, []).append(features)
        try:
            return {speaker: _voice(self._network, torch.cat(pieces)) for speaker, pieces in heard.items()}
        except (RuntimeError, MemoryError) as error:  # torch raises RuntimeError for lack of memory and device faults
            raise SpeechError(f"Voices could not be compared: {error or 'out of memory'}", permanent=False) from error


@torch.inference_mode()
def _voice(network: CamPlusPlus, features: Tensor) -> Voice:
    """(frames, 80) to a unit vector. The mean goes, and with it the colour of the line."""
    features = (features - features.mean(0)).to(next(network.parameters()).device)
    pieces = [piece for piece in torch.split(features, CONTEXT) if len(piece) > 1]
    frames = torch.cat([network.frames(piece.unsqueeze(0))[0] for piece in pieces])
    (embedding,) = network.embed(frames, frames.new_ones(1, len(frames)))
    return unit(embedding.tolist())
