"""segmentation-3.0: which of up to three voices are active when. One pass serves voice activity and diarization."""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"  # pyannote.audio 4 reports usage unless told not to before its import

import numpy as np
import torch
from numpy.typing import NDArray

with warnings.catch_warnings():
    # Sound comes in as arrays, so the missing decoder does not matter.
    warnings.filterwarnings("ignore", message=r"\s*torchcodec is not installed", category=UserWarning)
    from pyannote.audio import Inference
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.segmentation import PyanNet
    from pyannote.audio.utils.powerset import Powerset
from pyannote.core import SlidingWindowFeature

from transcription.speech.ports import SpeechError
from transcription.speech.types import SAMPLE_RATE

STEP = 0.25
"""Distance of the 10 s windows as a share of their length."""
BATCH_SIZE = 8
PASSES_KEPT = 2
"""Two channels, or one mixed call, remembered between recognition and diarization: about 10 MB an hour each."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What the network made of one channel.

    `voices`: (windows, frames, 3), 1 where a voice is active; which voice is which holds within a window only.
    `speech`: (frames, 1) over the whole call, the probability that anybody speaks.
    """

    voices: SlidingWindowFeature
    speech: SlidingWindowFeature


class Segmentation:
    """The network with its sliding windows, and what it made of the last PASSES_KEPT sounds."""

    def __init__(self, model: PyanNet, device: str = "cpu") -> None:
        self.model = model
        specifications = model.specifications
        self._to_voices = Powerset(len(specifications.classes), specifications.powerset_max_classes)
        self._windows = Inference(
            model,
            step=STEP * specifications.duration,
            skip_aggregation=True,
            skip_conversion=True,
            device=torch.device(device),
            batch_size=BATCH_SIZE,
        )
        self._passes: OrderedDict[bytes, Pass] = OrderedDict()

    def of(self, samples: NDArray[np.float32]) -> Pass:
        """The pass over `samples` (n,) at SAMPLE_RATE."""
        samples = np.ascontiguousarray(samples)
        key = blake2b(samples.data, digest_size=16).digest()
        if key not in self._passes:
            self._passes[key] = self._heard(samples)
            while len(self._passes) > PASSES_KEPT:
                self._passes.popitem(last=False)
        return self._passes[key]

    def _heard(self, samples: NDArray[np.float32]) -> Pass:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a sound of a few samples has a std() of one value
            scores = self._windows({"waveform": torch.from_numpy(samples[None]), "sample_rate": SAMPLE_RATE})
        voices = self._to_voices(torch.from_numpy(scores.data)).numpy()
        nobody = np.exp(scores.data[..., :1])  # the first class of the powerset is the empty set
        anybody = SlidingWindowFeature(1 - nobody, scores.sliding_window)
        frames = self.model.receptive_field
        speech = Inference.aggregate(anybody, frames, hamming=True, missing=0.0)
        return Pass(SlidingWindowFeature(voices, scores.sliding_window), speech)


@lru_cache(maxsize=2)
def load_segmentation(path: Path, device: str) -> Segmentation:
    """The network from its checkpoint, once per process. Raises a permanent SpeechError when it cannot be read."""
    try:
        return Segmentation(segmentation_network(path), device)
    except Exception as error:  # a missing, wrong or refused file: torch and pickle each raise their own
        raise SpeechError(f"The segmentation model cannot be loaded: {error}", permanent=True) from error


def segmentation_network(path: Path) -> PyanNet:
    """The checkpoint read as data: pyannote's own loader would run code stored in it."""
    known = [Problem, Resolution, Specifications, torch.torch_version.TorchVersion]
    with torch.serialization.safe_globals(known):
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    options = checkpoint["hyper_parameters"]
    model = PyanNet(**{name: options[name] for name in ("sincnet", "lstm", "linear", "sample_rate", "num_channels")})
    model.specifications = checkpoint["pyannote.audio"]["specifications"]
    model.build()
    model.load_state_dict(checkpoint["state_dict"])
    return model.eval()
