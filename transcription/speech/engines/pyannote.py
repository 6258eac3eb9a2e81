"""Speaker diarization of mixed calls: who is active when, overlaps included.

`PyannoteDiarizer` needs no hub: the segmentation-3.0 model and CAM++ from files, put together here.
`HubDiarizer` runs any published pyannote pipeline from a folder or a hub name.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .segmentation import load_segmentation  # isort: skip  # before pyannote.audio: it says how

from pyannote.audio import Pipeline
from pyannote.audio.pipelines.speaker_diarization import DiarizeOutput
from pyannote.core import Annotation

from transcription.speech.ports import SpeechError
from transcription.speech.types import SAMPLE_RATE, Audio, SpeakerRange, SpeakerTurn, SpeakerTurns

from .camplusplus import FRAME_RATE, load_network
from .floor import call_floor, speaker_turns
from .resegmentation import told_apart
from .voiceprints import voiceprints

SHORTEST = 0.1
"""Seconds; nothing shorter can hold a word."""

ONE_VOICE = 0.9
"""Cosine similarity from which two clusters of a published pipeline are one voice cut in two: asked for two speakers,
its clustering always finds two."""


class PyannoteDiarizer:
    """segmentation-3.0 says where anybody speaks, CAM++ who it is; from files.

    Shares the segmentation's pass over a call with a recogniser made with the same `segmentation` and `device`.
    """

    def __init__(self, segmentation: Path, embedding: Path, device: str = "cpu") -> None:
        self.name = f"pyannote.audio {version('pyannote.audio')}, segmentation-3.0, CAM++"
        self._segmentation = load_segmentation(Path(segmentation), device)
        self._device = device
        try:
            self._embedding = load_network(embedding, device)
        except Exception as error:  # a missing, wrong or refused file: torch and pickle each raise their own
            raise SpeechError(f"The diarization models cannot be loaded: {error}", permanent=True) from error

    def diarize(self, audio: Audio, speakers: SpeakerRange) -> SpeakerTurns:
        """Speaker turns of one-channel audio. No speech gives no turns."""
        if audio.duration < SHORTEST:
            return SpeakerTurns((), ())
        with _speech_errors():
            samples = audio.mono().samples[0]
            voices, field = self._segmentation.of(samples).voices, self._segmentation.model.receptive_field
            floor = call_floor(voices, field, FRAME_RATE, round(audio.duration * FRAME_RATE))
            if not floor.speakers.any():
                return SpeakerTurns((), ())
            prints = voiceprints(self._embedding, torch.from_numpy(samples).to(self._device), floor.speakers == 1)
            return speaker_turns(told_apart(prints, floor, speakers), floor)


class HubDiarizer:
    """A published pipeline, e.g. "pyannote/speaker-diarization-community-1": a hub name or a downloaded folder.

    Its checkpoints are loaded the library's way, which can run code stored in them: use sources you trust.
    """

    def __init__(self, name_or_folder: str, device: str = "cpu") -> None:
        self.name = f"pyannote.audio {version('pyannote.audio')}, {Path(name_or_folder).name}"
        try:
            pipeline = Pipeline.from_pretrained(name_or_folder)
        except Exception as error:  # the hub's client, YAML and torch each raise their own
            raise SpeechError(f"{name_or_folder} cannot be loaded: {error}", permanent=True) from error
        if pipeline is None:
            raise SpeechError(f"{name_or_folder} cannot be loaded: is the licence accepted?", permanent=True)
        self._pipeline = pipeline.to(torch.device(device))

    def diarize(self, audio: Audio, speakers: SpeakerRange) -> SpeakerTurns:
        """Speaker turns of one-channel audio. No speech gives no turns."""
        if audio.duration < SHORTEST:
            return SpeakerTurns((), ())
        sound = {"waveform": torch.from_numpy(audio.mono().samples), "sample_rate": SAMPLE_RATE, "uri": "call"}
        with _speech_errors(), warnings.catch_warnings():
            # Short calls hold fewer voices than asked for, and windows without a voice have no mean.
            warnings.filterwarnings("ignore", message=r"\s*The detected number of speakers", category=UserWarning)
            warnings.filterwarnings("ignore", message="Mean of empty slice", category=RuntimeWarning)
            warnings.filterwarnings("ignore", message="invalid value encountered", category=RuntimeWarning)
            output: DiarizeOutput = self._pipeline(sound, min_speakers=speakers.fewest, max_speakers=speakers.most)
        found = output.speaker_diarization, output.exclusive_speaker_diarization
        if _one_voice(output.speaker_embeddings):
            found = tuple(_joined(annotation) for annotation in found)
        return SpeakerTurns(*(_turns(annotation) for annotation in found))


@contextmanager
def _speech_errors() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:  # torch raises RuntimeError for lack of memory and device faults
        raise SpeechError(f"Diarization failed: {error or 'out of memory'}", permanent=False) from error
    except (ValueError, IndexError) as error:
        raise SpeechError(f"Diarization failed: {error}", permanent=True) from error


def _one_voice(centroids: NDArray[np.float32] | None) -> bool:
    """Whether the two clusters (2, dimensions) are too alike to be two people."""
    if centroids is None or len(centroids) != 2:
        return False
    first, second = centroids
    return float(first @ second) >= ONE_VOICE * float(np.linalg.norm(first) * np.linalg.norm(second))


def _joined(annotation: Annotation) -> Annotation:
    """The same speech, all by one speaker."""
    return annotation.rename_labels(dict.fromkeys(annotation.labels(), "one voice")).support()


def _turns(annotation: Annotation) -> tuple[SpeakerTurn, ...]:
    return tuple(
        SpeakerTurn(speaker, max(0.0, segment.start), segment.end)
        for segment, _, speaker in annotation.itertracks(yield_label=True)
    )
