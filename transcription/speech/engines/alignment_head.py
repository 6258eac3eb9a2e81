"""Word times from Whisper's encoder: a small trained head tells the letter of each 10 ms, a trellis finds the words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from transcription.speech.ports import SpeechError
from transcription.speech.types import Audio, Recognition, Segment

from .attention import AttentionAligner
from .failures import engine_errors
from .packing import pack_segment
from .trellis import CLASSES, FRAMES_PER_SECOND, Placed, Scores, place
from .weights import load_whisper
from .words import Measured, with_words

HEADS = Path(__file__).with_name("heads")
"""One shipped head per Whisper model, named after the model's folder."""
LANGUAGE = "en"
FRAMES_PER_ENCODED = 2
"""The encoder has a frame every 20 ms, the head one every 10 ms."""
HIDDEN, KERNEL, BLOCKS, DROPOUT = 96, 5, 2, 0.1


class HeadNetwork(nn.Module):
    """Encoder frames (batch, n, size) to logits (batch, 2n, CLASSES): two frames of 10 ms for each of 20 ms."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))
        self.narrow = nn.Linear(size, HIDDEN)
        self.blocks = nn.ModuleList(nn.Conv1d(HIDDEN, HIDDEN, KERNEL, padding="same") for _ in range(BLOCKS))
        self.dropout = nn.Dropout(DROPOUT)
        self.classify = nn.Linear(HIDDEN, FRAMES_PER_ENCODED * CLASSES)

    def forward(self, encoded: Tensor) -> Tensor:
        hidden = self.narrow((encoded - self.mean) / self.deviation)
        for block in self.blocks:
            around = block(self.dropout(hidden).transpose(1, 2)).transpose(1, 2)
            hidden = hidden + nn.functional.gelu(around)
        logits: Tensor = self.classify(hidden)
        return logits.reshape(len(encoded), -1, CLASSES)

    def scores(self, encoded: NDArray[np.floating]) -> Scores:
        """Log-probabilities (2n, CLASSES) of one window's encoder frames (n, size)."""
        with torch.inference_mode():
            frames = torch.from_numpy(encoded.astype(np.float32))
            logits = self.eval()(frames[None])[0]
            found: Scores = logits.log_softmax(-1).numpy()
        return found


@dataclass(frozen=True, slots=True)
class Head:
    network: HeadNetwork
    about: dict[str, object]
    """How it was trained and how exact it is: plain values for the file's metadata."""


def load_head(path: Path) -> Head:
    """Raises SpeechError when the file is missing or holds something else."""
    try:
        with safe_open(str(path), "pt") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
            about = json.loads((file.metadata() or {}).get("about", "{}"))
        network = HeadNetwork(len(weights["mean"]))
        network.load_state_dict(weights)
    except FileNotFoundError as error:
        message = f"No alignment head {path}. Run: manage.py train_alignment_head --model {path.stem}"
        raise SpeechError(message, permanent=True) from error
    except (SafetensorError, KeyError, RuntimeError) as error:
        raise SpeechError(f"{path} is no alignment head: {error}", permanent=True) from error
    return Head(network.eval(), about)


def save_head(head: Head, path: Path) -> None:
    """Writes the head as safetensors, under 1 MB."""
    weights = {name: tensor.contiguous() for name, tensor in head.network.state_dict().items()}
    save_file(weights, str(path), metadata={"about": json.dumps(head.about, sort_keys=True)})


class AlignmentHeadAligner:
    """Shares the weights, and what the encoder heard, of a WhisperXRecognizer made with the same first arguments.

    Other languages than the head's, and segments whose words do not fit, get their times from Whisper's attention.
    """

    def __init__(
        self,
        model_dir: Path,
        device: str = "cpu",
        compute_type: str = "int8",
        threads: int = 0,
        *,
        head: Path | None = None,
    ) -> None:
        model_dir = Path(model_dir)
        self._network = load_head(head or HEADS / f"{model_dir.name}.safetensors").network
        self._model = load_whisper(model_dir, device, compute_type, threads)
        self._attention = AttentionAligner(model_dir, device, compute_type, threads)
        self.name = f"alignment head, {model_dir.name}"

    def align(self, audio: Audio, recognition: Recognition) -> Recognition:
        """Adds words, whose `time_source` says what measured them."""
        if recognition.language != LANGUAGE:
            return self._attention.align(audio, recognition)
        with engine_errors("measuring word times"), _one_thread():
            segments = [self._segment(audio, segment, recognition) for segment in recognition.segments]
        missed = [old for old, new in zip(recognition.segments, segments, strict=True) if new is None]
        if missed:
            found = iter(self._attention.align(audio, replace(recognition, segments=tuple(missed))).segments)
            return replace(recognition, segments=tuple(segment or next(found) for segment in segments))
        return replace(recognition, segments=tuple(segment for segment in segments if segment))

    def _segment(self, audio: Audio, segment: Segment, recognition: Recognition) -> Segment | None:
        packed = pack_segment(audio, segment, recognition.speech)
        encoded = self._model.encoder_output(packed.samples)
        placed = place(self.scores(encoded, packed.duration), segment.text.split())
        return None if placed is None else with_words(segment, packed, measured(placed), "alignment_head")

    def scores(self, encoded: NDArray[np.floating], duration: float) -> Scores:
        """The head's log-probabilities for the frames in which there is sound, not the silence of a padded window."""
        frames = round(duration * FRAMES_PER_SECOND)
        return self._network.scores(encoded[: -(-frames // FRAMES_PER_ENCODED)])[:frames]


@contextmanager
def _one_thread() -> Iterator[None]:
    """A window is milliseconds of work in PyTorch: on busy cores a second thread costs ten times what it saves."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def measured(placed: Sequence[Placed | None]) -> list[Measured | None]:
    """Frames as seconds."""
    return [
        Measured(word.start / FRAMES_PER_SECOND, word.end / FRAMES_PER_SECOND, word.probability) if word else None
        for word in placed
    ]
