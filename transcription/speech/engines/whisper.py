"""Recognition with WhisperX: its voice activity detection and its batched Whisper, from local weights."""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcription.speech.ports import PromptFor, SpeechError
from transcription.speech.types import SAMPLE_RATE, Audio, Recognition, Segment

from .packing import MAX_REGION_SECONDS, Packed, Region, pack, pieces_of, windows_of
from .weights import engine_errors, load_whisper

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whisperx.asr import load_model
    from whisperx.vads.pyannote import Binarize
    from whisperx.vads.vad import Vad

VAD_ONSET, VAD_OFFSET = 0.500, 0.363
"""WhisperX's own thresholds."""
MIN_SPEECH_SECONDS = 0.1
MAX_COMPRESSION_RATIO = 2.4
"""Text that zlib shrinks more than this is a loop: the limit of the Whisper paper, section 4.5."""
MIN_ECHO_WORDS = 4


class WhisperXRecognizer:
    """Any CTranslate2 Whisper model in `model_dir`. The prompt goes in front of every window."""

    def __init__(
        self,
        model_dir: Path,
        device: str = "cpu",
        compute_type: str = "int8",
        *,
        beam_size: int = 5,
        batch_size: int = 8,
        threads: int = 0,
    ) -> None:
        model = load_whisper(Path(model_dir), device, compute_type, threads)
        self._only_language = None if model.model.is_multilingual else "en"
        self._batch_size = batch_size
        with warnings.catch_warnings(), engine_errors("loading WhisperX"):
            warnings.simplefilter("ignore")  # the VAD's checkpoint was saved by older libraries, and they all say so
            self._pipeline = load_model(
                str(model_dir),
                device,
                model=model,
                language=self._only_language,
                asr_options={"beam_size": beam_size},
                vad_options={"vad_onset": VAD_ONSET, "vad_offset": VAD_OFFSET},
            )
        size = Path(model_dir).name.removeprefix("faster-").removeprefix("whisper-")
        self.name = f"whisperx {version('whisperx')}, faster-whisper {size} {compute_type}"

    def recognize(self, audio: Audio, language: str | None, prompt: PromptFor | None) -> Recognition:
        """Segments of at most 30 s of speech, pauses not counted.

        Without speech there are no segments, and the language is "und" unless it is given.
        """
        with engine_errors("recognizing speech"):
            speech = self._speech(audio)
            pieces = pieces_of(speech, audio.duration)
            packed = pack(audio, pieces).samples
            spoken = self._language(packed, language)
            lead = (prompt(spoken) or None) if prompt else None
            windows = windows_of(pieces)
            texts = self._reliable_texts(packed, _bounds([pack(audio, window) for window in windows]), spoken, lead)
        segments = tuple(
            Segment(window[0].speech[0], window[-1].speech[1], text)
            for window, text in zip(windows, texts, strict=True)
            if text
        )
        return Recognition(spoken, segments, speech, prompted=lead is not None)

    def _speech(self, audio: Audio) -> tuple[Region, ...]:
        samples = self._pipeline.vad_model.preprocess_audio(audio.samples[0])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a window shorter than the model's own has std() of one value
            scores = self._pipeline.vad_model({"waveform": samples, "sample_rate": SAMPLE_RATE})
        binarize = Binarize(VAD_ONSET, VAD_OFFSET, MIN_SPEECH_SECONDS, max_duration=MAX_REGION_SECONDS)
        regions = ((max(0.0, r.start), min(r.end, audio.duration)) for r in binarize(scores).get_timeline())
        return tuple((start, end) for start, end in regions if end > start)

    def _language(self, samples: NDArray[np.float32], wanted: str | None) -> str:
        if self._only_language and wanted not in {None, self._only_language}:
            raise SpeechError(f"{self.name} knows English only, not '{wanted}'.", permanent=True)
        known = wanted or self._only_language
        if known or not len(samples):
            return known or "und"
        return str(self._pipeline.detect_language(samples))

    def _reliable_texts(
        self, samples: NDArray[np.float32], windows: Sequence[Region], language: str, prompt: str | None
    ) -> list[str]:
        """Texts of the windows. One that loops or echoes the prompt is heard again without prompt, or given up."""
        texts = self._texts(samples, windows, language, prompt)
        doubtful = [index for index, text in enumerate(texts) if _loops(text) or _echoes(text, prompt)]
        if prompt is not None:
            again = self._texts(samples, [windows[index] for index in doubtful], language, None)
            texts = [again[doubtful.index(i)] if i in doubtful else text for i, text in enumerate(texts)]
        return ["" if _loops(text) else text for text in texts]

    def _texts(
        self, samples: NDArray[np.float32], windows: Sequence[Region], language: str, prompt: str | None
    ) -> list[str]:
        if not windows:
            return []
        call: Any = copy(self._pipeline)  # options and language of this call must not outlive it
        call.options = replace(call.options, initial_prompt=prompt)
        call.vad_model = _KnownWindows(windows)
        result = call.transcribe(samples, batch_size=min(self._batch_size, len(windows)), language=language)
        return [" ".join(segment["text"].split()) for segment in result["segments"]]


class _KnownWindows(Vad):  # type: ignore[misc]
    """Hands WhisperX the windows that are already known, in place of its own voice activity detection."""

    def __init__(self, windows: Sequence[Region]) -> None:
        super().__init__(VAD_ONSET)
        self._windows = [{"start": start, "end": end} for start, end in windows]

    def __call__(self, _audio: Any) -> list[dict[str, float]]:
        return self._windows

    @staticmethod
    def preprocess_audio(audio: Any) -> Any:
        return audio

    @staticmethod
    def merge_chunks(segments: Any, *_args: Any, **_kwargs: Any) -> Any:
        return segments


def _bounds(windows: Sequence[Packed]) -> list[Region]:
    """Where each window lies in the sound of all. WhisperX rounds down: half a sample more keeps the very samples."""
    ends = np.cumsum([0, *(len(window.samples) for window in windows)])
    return list(pairwise(((ends + 0.5) / SAMPLE_RATE).tolist()))


def _loops(text: str) -> bool:
    data = text.encode()
    return bool(data) and len(data) / len(zlib.compress(data)) > MAX_COMPRESSION_RATIO


def _echoes(text: str, prompt: str | None) -> bool:
    """Whether all of the text is a run of the prompt's own words."""
    words = re.findall(r"[\w']+", text.lower())
    prompted = " ".join(re.findall(r"[\w']+", (prompt or "").lower()))
    return len(words) >= MIN_ECHO_WORDS and f" {' '.join(words)} " in f" {prompted} "
