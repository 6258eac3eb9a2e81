"""Recognition with WhisperX: its voice activity detection and its batched Whisper, from local weights."""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from copy import copy
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from transcription.speech.ports import PromptFor, SpeechError
from transcription.speech.types import SAMPLE_RATE, Audio, Recognition, Segment

from .packing import MAX_REGION_SECONDS, Packed, Piece, Region, pack, pieces_of, windows_of
from .segmentation import load_segmentation
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
        segmentation: Path,
        beam_size: int = 5,
        batch_size: int = 8,
        threads: int = 0,
    ) -> None:
        self._model = load_whisper(Path(model_dir), device, compute_type, threads)
        self._only_language = None if self._model.model.is_multilingual else "en"
        self._batch_size = batch_size
        self._segmentation = load_segmentation(Path(segmentation), device)
        with redirect_stdout(io.StringIO()), engine_errors("loading WhisperX"):  # it prints that it was given a VAD
            self._pipeline = load_model(
                str(model_dir),
                device,
                model=self._model,
                language=self._only_language,
                asr_options={"beam_size": beam_size},
                vad_model=_KnownWindows(()),
            )
        size = Path(model_dir).name.removeprefix("faster-").removeprefix("whisper-")
        self.name = f"whisperx {version('whisperx')}, faster-whisper {size} {compute_type}"

    def recognize(self, audio: Audio, language: str | None, prompt: PromptFor | None) -> tuple[Recognition, ...]:
        """Segments of at most 30 s of speech, pauses not counted. Windows of all channels are recognised together.

        Without speech there are no segments, and the language is "und" unless it is given.
        """
        channels = [audio.channel(number) for number in range(audio.channels)]
        with engine_errors("recognizing speech"):
            speech = [self._speech(channel) for channel in channels]
            windows = [windows_of(pieces_of(regions, audio.duration)) for regions in speech]
            packed = [pack(channel, window) for channel, own in zip(channels, windows, strict=True) for window in own]
            spoken = self._language(packed, language)
            lead = (prompt(spoken) or None) if prompt else None
            texts = iter(self._reliable_texts(packed, spoken, lead))
        return tuple(
            Recognition(spoken, tuple(_segments(own, texts)), regions, prompted=lead is not None)
            for own, regions in zip(windows, speech, strict=True)
        )

    def _speech(self, audio: Audio) -> tuple[Region, ...]:
        scores = self._segmentation.of(audio.samples[0]).speech
        binarize = Binarize(VAD_ONSET, VAD_OFFSET, MIN_SPEECH_SECONDS, max_duration=MAX_REGION_SECONDS)
        regions = ((max(0.0, r.start), min(r.end, audio.duration)) for r in binarize(scores).get_timeline())
        return tuple((start, end) for start, end in regions if end > start)

    def _language(self, windows: Sequence[Packed], wanted: str | None) -> str:
        """Heard in the fullest window, which is encoded for this and not again."""
        if self._only_language and wanted not in {None, self._only_language}:
            raise SpeechError(f"{self.name} knows English only, not '{wanted}'.", permanent=True)
        known = wanted or self._only_language
        if known or not windows:
            return known or "und"
        return str(self._model.language_of(max(windows, key=lambda window: window.duration).samples))

    def _reliable_texts(self, windows: Sequence[Packed], language: str, prompt: str | None) -> list[str]:
        """Texts of the windows. One that loops or echoes the prompt is heard again without prompt, or given up."""
        texts = self._texts(windows, language, prompt)
        doubtful = [index for index, text in enumerate(texts) if _loops(text) or _echoes(text, prompt)]
        if prompt is not None:
            again = self._texts([windows[index] for index in doubtful], language, None)
            texts = [again[doubtful.index(i)] if i in doubtful else text for i, text in enumerate(texts)]
        return ["" if _loops(text) else text for text in texts]

    def _texts(self, windows: Sequence[Packed], language: str, prompt: str | None) -> list[str]:
        if not windows:
            return []
        call: Any = copy(self._pipeline)  # options and language of this call must not outlive it
        call.options = replace(call.options, initial_prompt=prompt)
        call.vad_model = _KnownWindows(_bounds(windows))
        samples = np.concatenate([window.samples for window in windows])
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


def _segments(windows: Sequence[Sequence[Piece]], texts: Iterator[str]) -> Iterator[Segment]:
    for window in windows:
        text = next(texts)
        if text:
            yield Segment(window[0].speech[0], window[-1].speech[1], text)


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
