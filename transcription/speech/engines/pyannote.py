"""Speaker diarization of mixed calls with pyannote.audio: who is active when, overlaps included.

`PyannoteDiarizer` needs no hub: the segmentation-3.0 model and CAM++ embeddings in pyannote's own pipeline.
`HubDiarizer` runs any published pyannote pipeline from a folder or a hub name.
"""

from __future__ import annotations

import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .segmentation import STEP, Segmentation, load_segmentation  # isort: skip  # before pyannote.audio: it says how

from pyannote.audio import Model, Pipeline
from pyannote.audio.core.plda import PLDA
from pyannote.audio.pipelines.speaker_diarization import DiarizeOutput, SpeakerDiarization
from pyannote.core import Annotation, SlidingWindowFeature

from transcription.speech.ports import SpeechError
from transcription.speech.types import SAMPLE_RATE, Audio, SpeakerTurn, SpeakerTurns

from .camplusplus import DIMENSION, FRAME_RATE, CamPlusPlus, filterbank

SHORTEST = 0.1
"""Seconds; nothing shorter can hold a word."""

ONE_VOICE = 0.9
"""Cosine similarity from which two clusters are one voice cut in two: asked for two speakers, the clustering always
finds two. Measured on LibriSpeech and calls: single voices 0.95-0.99 (synthetic ones 0.83-0.95), two voices that were
told apart 0.19-0.61."""

_PIECE = 10 * 2 * FRAME_RATE  # feature frames that share one context in the embedding network
_FEWEST_FRAMES = 10  # of the embedding network, 0.2 s: less says nothing of a voice
_CLUSTERING = {"method": "centroid", "min_cluster_size": 12, "threshold": 0.7}


class PyannoteDiarizer:
    """segmentation-3.0 and CAM++ in pyannote's pipeline, from files. Takes any number of speakers, known or not.

    Shares the segmentation's pass over a call with a recogniser made with the same `segmentation` and `device`.
    """

    def __init__(self, segmentation: Path, embedding: Path, device: str = "cpu") -> None:
        self.name = f"pyannote.audio {version('pyannote.audio')}, segmentation-3.0, CAM++"
        shared = load_segmentation(Path(segmentation), device)
        try:
            pipeline = _CallPipeline(shared, CamPlusPlus.load(embedding))
        except Exception as error:  # a missing, wrong or refused file: torch and pickle each raise their own
            raise SpeechError(f"The diarization models cannot be loaded: {error}", permanent=True) from error
        self._pipeline = pipeline.to(torch.device(device))

    def diarize(self, audio: Audio, speakers: int | None) -> SpeakerTurns:
        """Speaker turns of one-channel audio. No speech gives no turns; `speakers` is an upper bound on short audio."""
        return _diarize(self._pipeline, audio, speakers)


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

    def diarize(self, audio: Audio, speakers: int | None) -> SpeakerTurns:
        """Speaker turns of one-channel audio. No speech gives no turns."""
        return _diarize(self._pipeline, audio, speakers)


class _NoPlda(PLDA):  # type: ignore[misc]
    """The pipeline demands a PLDA even for a clustering that has no use for one."""

    def __init__(self) -> None:
        pass


class _Embedding(Model):  # type: ignore[misc]
    """CAM++ in the dress that the pipeline expects of an embedding model."""

    dimension = DIMENSION

    def __init__(self, network: CamPlusPlus) -> None:
        super().__init__(sample_rate=SAMPLE_RATE)
        self.network = network


class _CallPipeline(SpeakerDiarization):  # type: ignore[misc]
    """pyannote's pipeline, but with each network run once over the call; the segmentation may have been already.

    pyannote runs its embedding model on every window for every local speaker, 12 times the audio at step 0.25. The
    costly part of CAM++ does not depend on the speaker: it runs once, and each (window, speaker) pools its frames.
    """

    def __init__(self, segmentation: Segmentation, embedding: CamPlusPlus) -> None:
        super().__init__(
            segmentation=segmentation.model,
            segmentation_step=STEP,
            embedding=_Embedding(embedding),
            plda=_NoPlda(),
            clustering="AgglomerativeClustering",
        )
        self._network = embedding
        self._passes = segmentation
        self.instantiate({"segmentation": {"min_duration_off": 0.0}, "clustering": _CLUSTERING})

    def get_segmentations(self, file: dict[str, Any], **_: object) -> SlidingWindowFeature:
        """Voices (windows, frames, 3) of the shared pass."""
        return self._passes.of(file["waveform"][0].numpy()).voices

    def get_embeddings(
        self, file: dict[str, Any], binary_segmentations: SlidingWindowFeature, *_: object, **__: object
    ) -> NDArray[np.float32]:
        """Embeddings (windows, local speakers, 192); NaN where a speaker has next to no speech."""
        frames = _call_frames(self._network, file["waveform"][0].to(self._embedding.device))
        windows = binary_segmentations.sliding_window
        masks = torch.from_numpy(_clean(binary_segmentations.data))
        masks = _resampled(masks.transpose(1, 2), round(windows.duration * FRAME_RATE)).to(frames.device)
        embeddings = []
        for index, mask in enumerate(masks):
            start = round(index * windows.step * FRAME_RATE)
            inside = frames[start : start + mask.shape[1]]
            embeddings.append(self._network.embed(inside.float(), mask[:, : len(inside)]))
        return torch.stack(embeddings).cpu().numpy()


@torch.inference_mode()
def _call_frames(network: CamPlusPlus, waveform: Tensor) -> Tensor:
    """(samples,) -> (frames, 512) at FRAME_RATE, half precision (180 MB an hour)."""
    features = filterbank(waveform)
    features = features - features.mean(0)
    return torch.cat([network.frames(piece.unsqueeze(0))[0].half() for piece in torch.split(features, _PIECE)])


def _clean(active: NDArray[np.float32]) -> NDArray[np.float32]:
    """(windows, frames, speakers) -> where each speaks alone, or where they speak at all if that is next to nothing."""
    alone = active * (active.sum(axis=2, keepdims=True) < 2)
    few = _FEWEST_FRAMES / FRAME_RATE * active.shape[1] / 10
    return np.where(alone.sum(axis=1, keepdims=True) >= few, alone, active).astype(np.float32)


def _resampled(masks: Tensor, length: int) -> Tensor:
    """(windows, speakers, n) -> (windows, speakers, length), the nearest value each."""
    y: Tensor = torch.nn.functional.interpolate(masks, size=length, mode="nearest-exact")
    return y


def _diarize(pipeline: Pipeline, audio: Audio, speakers: int | None) -> SpeakerTurns:
    if audio.duration < SHORTEST:
        return SpeakerTurns((), ())
    sound = {"waveform": torch.from_numpy(audio.mono().samples), "sample_rate": SAMPLE_RATE, "uri": "call"}
    try:
        with warnings.catch_warnings():
            # Short calls hold fewer voices than asked for, and windows without a voice have no mean.
            warnings.filterwarnings("ignore", message=r"\s*The detected number of speakers", category=UserWarning)
            warnings.filterwarnings("ignore", message="Mean of empty slice", category=RuntimeWarning)
            warnings.filterwarnings("ignore", message="invalid value encountered", category=RuntimeWarning)
            output: DiarizeOutput = pipeline(sound, num_speakers=speakers)
    except (RuntimeError, MemoryError) as error:  # torch raises RuntimeError for lack of memory and device faults
        raise SpeechError(f"Diarization failed: {error or 'out of memory'}", permanent=False) from error
    except (ValueError, IndexError) as error:
        raise SpeechError(f"Diarization failed: {error}", permanent=True) from error
    found = output.speaker_diarization, output.exclusive_speaker_diarization
    if _one_voice(output.speaker_embeddings):
        found = tuple(_joined(annotation) for annotation in found)
    return SpeakerTurns(*(_turns(annotation) for annotation in found))


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
