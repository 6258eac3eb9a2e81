"""Recognition with WhisperX's batched Whisper, from local weights, of the speech that the shared segmentation finds."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from copy import copy
from dataclasses import replace
from importlib.metadata import version
from itertools import islice, pairwise
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcription.speech.ports import PromptFor, SpeechError
from transcription.speech.types import SAMPLE_RATE, Audio, Quarantined, Recognition, Segment

from .control import MAX_VANISHED, is_controlled, vanished
from .failures import engine_errors
from .guards import NO_SPEECH, NO_SPEECH_LOG_PROBABILITY, Heard, doubt, is_silence
from .packing import MAX_REGION_SECONDS, Packed, Region, pack, pieces_of, windows_of
from .segmentation import load_segmentation
from .weights import load_whisper

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whisperx.asr import load_model
    from whisperx.vads.pyannote import Binarize
    from whisperx.vads.vad import Vad

VAD_ONSET, VAD_OFFSET = 0.500, 0.363
"""WhisperX's own thresholds, kept for segmentation-3.0."""
MIN_SPEECH_SECONDS = 0.1
UNKNOWN_LANGUAGE = "und"
"""The code of ISO 639 for "undetermined"."""


class WhisperXRecognizer:
    """Any CTranslate2 Whisper model in `model_dir`. The prompt goes in front of every window.

    A greedy search (`beam_size` 1) saves a sixth of the time and makes a sixth more word errors.
    """

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
        self._model.forget()
        with engine_errors("recognizing speech"):
            speech = [self._speech(channel) for channel in channels]
            pieces = [windows_of(pieces_of(regions, audio.duration)) for regions in speech]
            windows = [pack(channel, window) for channel, own in zip(channels, pieces, strict=True) for window in own]
            spoken = self._language(windows, language)
            heard, prompted, notes = self._controlled(windows, spoken, (prompt(spoken) or None) if prompt else None)
            reasons = [self._reason(window, found, spoken) for window, found in zip(windows, heard, strict=True)]
        if set(reasons) == {NO_SPEECH}:
            spoken = language or self._only_language or UNKNOWN_LANGUAGE
        rows = zip(windows, heard, reasons, strict=True)
        plain = Recognition(spoken, (), (), prompted=prompted, notes=notes)
        return tuple(
            _with_rows(replace(plain, speech=regions), list(islice(rows, len(own))))
            for regions, own in zip(speech, pieces, strict=True)
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
            return known or UNKNOWN_LANGUAGE
        return str(self._model.language_of(max(windows, key=lambda window: window.duration).samples))

    def _controlled(
        self, windows: Sequence[Packed], language: str, prompt: str | None
    ) -> tuple[list[Heard], bool, tuple[str, ...]]:
        """What is heard with the prompt, unless it makes words vanish; whether it is; and why not.

        A sample that looks bad is no proof (two words are 3 % of a window): then all windows are compared.
        """
        heard = self._heard(windows, language, prompt)
        if prompt is None:
            return heard, False, ()
        sample = [i for i, w in enumerate(windows) if is_controlled(heard[i].text, w.speech_seconds, w.samples)]
        drawn = [windows[i] for i in sample]
        if _vanished(drawn, [heard[i] for i in sample], self._heard(drawn, language, None), language) <= MAX_VANISHED:
            return heard, True, ()
        control = self._heard(windows, language, None)
        share = _vanished(windows, heard, control, language)
        if share <= MAX_VANISHED:
            return heard, True, ()
        lost = f"{share * 100:.0f} % of the words"
        note = f"Asking for fillers made {lost} vanish, so it was given up: fillers may be missing"
        return control, False, (note,)

    def _heard(self, windows: Sequence[Packed], language: str, prompt: str | None) -> list[Heard]:
        """Where a text is absurd and there was a prompt, what is heard without it, if anything, is taken instead."""
        heard = self._listened(windows, language, prompt)
        if prompt is not None:
            absurd = [i for i, w in enumerate(windows) if doubt(heard[i], w.speech_seconds)]
            again = self._listened([windows[i] for i in absurd], language, None)
            for index, found in zip(absurd, again, strict=True):
                heard[index] = found if found.text else heard[index]
        return heard

    def _reason(self, window: Packed, heard: Heard, language: str) -> str | None:
        """Why the text is not believed, in plain words."""
        if heard.text and is_silence(heard, lambda: self._model.no_speech_probability(window.samples, language)):
            return NO_SPEECH
        return doubt(heard, window.speech_seconds)

    def _listened(self, windows: Sequence[Packed], language: str, prompt: str | None) -> list[Heard]:
        """The windows' texts. Batches of like lengths: a batch takes as long as its longest text."""
        order = sorted(range(len(windows)), key=lambda index: windows[index].duration)
        heard: dict[int, Heard] = {}
        for first in range(0, len(order), self._batch_size):
            batch = order[first : first + self._batch_size]
            heard |= zip(batch, self._batch([windows[index] for index in batch], language, prompt), strict=True)
        return [heard[index] for index in range(len(windows))]

    def _batch(self, windows: Sequence[Packed], language: str, prompt: str | None) -> Iterator[Heard]:
        """What WhisperX hears in a batch of windows."""
        call: Any = copy(self._pipeline)  # options and language of this call must not outlive it
        call.options = replace(call.options, initial_prompt=prompt)
        sounds = [window.samples for window in windows]
        call.vad_model = _KnownWindows(_bounds(sounds))
        result = call.transcribe(np.concatenate(sounds), batch_size=len(sounds), language=language)
        for found in result["segments"]:
            yield Heard(" ".join(found["text"].split()), found["avg_logprob"], prompt)


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


def _with_rows(recognition: Recognition, rows: Iterable[tuple[Packed, Heard, str | None]]) -> Recognition:
    """The recognition of one channel with its windows, what was heard in them, and why not to believe it."""
    segments, quarantined, silent = [], [], set[Region]()
    for window, heard, reason in rows:
        start, end = window.pieces[0].speech[0], window.pieces[-1].speech[1]
        if reason:
            quarantined.append(Quarantined(start, end, heard.text, reason))
            silent |= {piece.speech for piece in window.pieces} if reason == NO_SPEECH else set()
        elif heard.text:
            segments.append(Segment(start, end, heard.text, confidence=exp(heard.log_probability)))
    speech = tuple(region for region in recognition.speech if region not in silent)
    return replace(recognition, segments=tuple(segments), quarantined=tuple(quarantined), speech=speech)


def _vanished(windows: Sequence[Packed], prompted: Sequence[Heard], control: Sequence[Heard], language: str) -> float:
    """The share of words that the prompt lost; a control that is itself not to be believed proves nothing."""
    pairs = [
        (heard.text, proof.text)
        for window, heard, proof in zip(windows, prompted, control, strict=True)
        if proof.log_probability >= NO_SPEECH_LOG_PROBABILITY and not doubt(proof, window.speech_seconds)
    ]
    return vanished([heard for heard, _ in pairs], [proof for _, proof in pairs], language)


def _bounds(sounds: Sequence[NDArray[np.float32]]) -> list[Region]:
    """Where each lies in the sound of all. WhisperX rounds down: half a sample more keeps the very samples."""
    ends = np.cumsum([0, *map(len, sounds)])
    return list(pairwise(((ends + 0.5) / SAMPLE_RATE).tolist()))
