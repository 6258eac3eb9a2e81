"""What the plain libraries make of a call: WhisperX and pyannote.audio put together as their READMEs show.

The yardstick of `manage.py benchmark --peer`, not an engine for calls. It reads the same weights as the engines, with
the libraries' own voice activity detection, windows, clustering and joining of words to speakers.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray
from torch import Tensor

from transcription.speech.ports import Progress
from transcription.speech.types import SAMPLE_RATE, Audio, SpeakerTurn, Transcript, Turn, Word

from .camplusplus import DIMENSION, CamPlusPlus, filterbank
from .failures import engine_errors
from .segmentation import segmentation_network

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyannote.audio import Model
    from pyannote.audio.core.plda import PLDA
    from pyannote.audio.pipelines.speaker_diarization import SpeakerDiarization
    from whisperx.asr import load_model
    from whisperx.diarize import DiarizationPipeline, assign_word_speakers

BATCH_SIZE = 16
"""Of WhisperX's README."""
DIARIZATION_3_1 = {
    "segmentation": {"min_duration_off": 0.0},
    "clustering": {"method": "centroid", "min_cluster_size": 12, "threshold": 0.7045654963945799},
}
"""The published settings of pyannote/speaker-diarization-3.1, the pipeline of segmentation-3.0. With the number of
speakers given, the threshold is not used. Its batches of 32 are for GPUs: the class's default of 1 is 2 to 3 times as
quick for CAM++ on a CPU, so the default stays."""
NOBODY = "unknown"
"""The speaker of words in which WhisperX finds nobody active."""


class PlainLibraries:
    """WhisperX, then word times, then pyannote's diarization, then WhisperX's `assign_word_speakers`.

    The README's word times come from wav2vec2, whose weights are on a hub only. Here they are what faster-whisper gives
    with `word_timestamps=True`, which is several times as quick. Stereo is mixed to mono, as WhisperX loads every file.
    `prompt` asks for fillers; the README has none. `speakers` is given to pyannote, None lets it find out.
    """

    def __init__(
        self,
        model_dir: Path,
        segmentation: Path,
        embedding: Path,
        device: str = "cpu",
        compute_type: str = "int8",
        *,
        language: str | None = None,
        prompt: str | None = None,
        speakers: int | None = None,
    ) -> None:
        self.name = f"whisperx {version('whisperx')} + pyannote.audio {version('pyannote.audio')}, as in their READMEs"
        self._language = language
        self._speakers = speakers
        with warnings.catch_warnings(), engine_errors("loading the plain libraries"):
            warnings.simplefilter("ignore")  # old checkpoints
            self._recognition = load_model(
                str(model_dir),
                device,
                compute_type=compute_type,
                threads=len(os.sched_getaffinity(0)),
                local_files_only=True,
                asr_options={"initial_prompt": prompt},
            )
            self._whisper = self._recognition.model
            self._diarization = _PlainDiarization(segmentation, embedding, torch.device(device))

    def transcribe(self, audio: Audio, progress: Progress) -> Transcript:
        """Speakers and their words, without roles and sentiment. Raises SpeechError."""
        samples = audio.mono().samples[0]
        with warnings.catch_warnings(), engine_errors("running the plain libraries"):
            warnings.simplefilter("ignore")
            progress("recognizing", 0.0)
            heard = self._recognition.transcribe(samples, batch_size=BATCH_SIZE, language=self._language)
            progress("aligning", 0.0)
            heard["segments"] = [self._with_words(segment, samples, heard["language"]) for segment in heard["segments"]]
            progress("diarizing", 0.0)
            active = self._diarization(samples, num_speakers=self._speakers)
            progress("joining", 0.0)
            joined = assign_word_speakers(active, heard)
        activity = tuple(SpeakerTurn(row.speaker, row.start, row.end) for row in active.itertuples())
        words = (word for segment in joined["segments"] for word in segment["words"])
        return Transcript(
            duration=audio.duration,
            language=heard["language"],
            layout="mono",
            outcome="two_sided" if len({turn.speaker for turn in activity}) > 1 else "one_sided",
            filler_capture_mode="prompted" if self._recognition.options.initial_prompt else "unprompted",
            speakers=(),
            turns=tuple(_turns(words)),
            activity=activity,
            overlap_known=True,
            engines={"peer": self.name},
        )

    def _with_words(self, segment: Mapping[str, Any], samples: NDArray[np.float32], language: str) -> dict[str, Any]:
        start, end = segment["start"], segment["end"]
        tokenizer = Tokenizer(
            self._whisper.hf_tokenizer, self._whisper.model.is_multilingual, task="transcribe", language=language
        )
        features = self._whisper.feature_extractor(samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)])
        options = self._recognition.options
        timed = {
            "seek": round(start * self._whisper.frames_per_second),
            "start": start,
            "end": end,
            "tokens": tokenizer.encode(segment["text"]),
            "words": [],
        }
        self._whisper.add_word_timestamps(
            [[timed]],
            tokenizer,
            self._whisper.encode(pad_or_trim(features)),
            features.shape[-1],
            options.prepend_punctuations,
            options.append_punctuations,
            last_speech_timestamp=start,
        )
        return {**segment, "words": timed["words"]}


class _PlainDiarization(DiarizationPipeline):  # type: ignore[misc]
    """WhisperX's wrapper around pyannote's pipeline, with weights from files instead of from a hub."""

    def __init__(self, segmentation: Path, embedding: Path, device: torch.device) -> None:
        pipeline = SpeakerDiarization(
            segmentation=segmentation_network(segmentation),
            embedding=_WindowEmbedding(CamPlusPlus.load(embedding)),
            embedding_exclude_overlap=True,
            plda=_NoPlda(),
            clustering="AgglomerativeClustering",
        )
        self.model = pipeline.instantiate(DIARIZATION_3_1).to(device)


class _NoPlda(PLDA):  # type: ignore[misc]
    """The pipeline demands a PLDA even for a clustering that has no use for one."""

    def __init__(self) -> None:
        pass


class _WindowEmbedding(Model):  # type: ignore[misc]
    """CAM++ as pyannote runs its own embedding models: on every window, once for each local speaker."""

    dimension = DIMENSION

    def __init__(self, network: CamPlusPlus) -> None:
        super().__init__(sample_rate=SAMPLE_RATE)
        self.network = network

    def forward(self, waveforms: Tensor, weights: Tensor | None = None) -> Tensor:
        """(batch, 1, samples) and weights (batch, any number of frames) -> (batch, 192)."""
        features = torch.stack([filterbank(waveform[0]) for waveform in waveforms])
        frames = self.network.frames(features - features.mean(1, keepdim=True))
        if weights is None:
            weights = frames.new_ones(frames.shape[:2])
        masks = torch.nn.functional.interpolate(weights[:, None], size=frames.shape[1], mode="nearest")
        return torch.cat([self.network.embed(item, mask) for item, mask in zip(frames, masks, strict=True)])


def _turns(words: Iterable[Mapping[str, Any]]) -> Iterable[Turn]:
    for speaker, said in groupby(words, key=lambda word: word.get("speaker", NOBODY)):
        spoken = tuple(Word(w["word"].strip(), w["start"], w["end"], w["probability"], "attention") for w in said)
        yield Turn(speaker, spoken[0].start, spoken[-1].end, spoken)
