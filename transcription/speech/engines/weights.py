"""Whisper weights, loaded once per process and shared by the recogniser and the aligner that reads its attention."""

from __future__ import annotations

import logging
import os
import warnings
from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from transcription.speech.ports import SpeechError

from .failures import engine_errors

os.environ.setdefault(
    "PYANNOTE_METRICS_ENABLED", "0"
)  # before the first import of pyannote: it reports usage by default

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # torchcodec, torchaudio and speechbrain complain at import about what is not used here
    from whisperx.asr import WhisperModel, get_ctranslate2_storage
    from whisperx.audio import N_SAMPLES, log_mel_spectrogram

logging.getLogger("whisperx").setLevel(logging.ERROR)
logging.getLogger("lightning.pytorch.utilities.migration").setLevel(logging.ERROR)  # the VAD's old checkpoint format


WINDOWS_KEPT = 64
"""Encoded windows of a call remembered from detecting the language to alignment: 30 min of speech, 100 MB for base."""
PADDING_KEPT = 300
"""Frames of 10 ms. Whisper knows windows of 30 s whose rest is silence; without any it makes up an end, but 3 s do."""


class Whisper(WhisperModel):  # type: ignore[misc]
    """WhisperX's model, which encodes no more padding than it needs and remembers the last WINDOWS_KEPT windows.

    The language, the text, the same text heard again, and the times of its words are all read from the same frames.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._encoded: OrderedDict[bytes, NDArray[np.float16]] = OrderedDict()

    def forget(self) -> None:
        """What was heard before is another call's."""
        self._encoded.clear()

    def encode(self, features: Any) -> Any:
        """The encoder's output (n, at most 1500, size) for mel windows (n, bands, 3000) or one (bands, 3000)."""
        return get_ctranslate2_storage(self._frames(features).astype(np.float32))

    def mel(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The log-mel spectrogram, (bands, 3000), that recognition encodes for at most 30 s of sound."""
        bands = self.feat_kwargs.get("feature_size") or 80
        padding = max(0, N_SAMPLES - len(samples))
        return np.asarray(log_mel_spectrogram(samples[:N_SAMPLES], n_mels=bands, padding=padding))

    def encoder_output(self, samples: NDArray[np.float32]) -> NDArray[np.float16]:
        """The encoder's frames, (at most 1500, size), 20 ms each, of at most 30 s of sound and some silence."""
        frames: NDArray[np.float16] = self._frames(self.mel(samples))[0]
        return frames

    def language_of(self, samples: NDArray[np.float32]) -> str:
        """The likeliest language code of at most 30 s of sound."""
        (languages,) = self.model.detect_language(self.encode(self.mel(samples)))
        token: str = languages[0][0]
        return token.strip("<|>")

    def no_speech_probability(self, samples: NDArray[np.float32], language: str) -> float:
        """What Whisper's own token for "no speech" gets, in [0, 1], for at most 30 s of sound."""
        tokenizer = Tokenizer(self.hf_tokenizer, self.model.is_multilingual, task="transcribe", language=language)
        prompt = self.get_prompt(tokenizer, [], without_timestamps=True)
        (found,) = self.model.generate(
            self.encode(self.mel(samples)),
            [prompt],
            beam_size=1,
            max_length=len(prompt) + 1,
            return_no_speech_prob=True,
        )
        return float(found.no_speech_prob)

    def _frames(self, features: Any) -> NDArray[np.float16]:
        windows = np.asarray(features).reshape(-1, *features.shape[-2:])
        length = min(windows.shape[-1], max(_sounding(window) for window in windows) + PADDING_KEPT)
        keys = [_key(window) for window in windows]
        new = [i for i, key in enumerate(keys) if key not in self._encoded or len(self._encoded[key]) < length // 2]
        if new:
            encoded = super().encode(np.ascontiguousarray(windows[new, :, :length]))
            self._encoded |= {keys[index]: frames for index, frames in zip(new, _on_cpu(encoded), strict=True)}
        found = np.stack([self._encoded[key][: length // 2] for key in keys])
        while len(self._encoded) > WINDOWS_KEPT:
            self._encoded.popitem(last=False)
        return found


def _sounding(window: NDArray[np.float32]) -> int:
    """Mel frames (bands, frames) up to the last one with sound, made even: the encoder halves them."""
    sounds = np.flatnonzero((window > window.min()).any(axis=0))
    return 2 * (int(sounds[-1]) // 2 + 1) if len(sounds) else 0


def _key(window: NDArray[np.float32]) -> bytes:
    return blake2b(window.tobytes(), digest_size=16).digest()


def _on_cpu(output: Any) -> NDArray[np.float16]:
    on_cpu = output.to_device(ctranslate2.Device.cpu) if output.device == "cuda" else output
    return np.asarray(on_cpu.to(ctranslate2.DataType.float32)).astype(np.float16)


@lru_cache(maxsize=2)
def load_whisper(model_dir: Path, device: str, compute_type: str, threads: int) -> Any:
    """A faster-whisper model from a CTranslate2 folder, never from a hub. `threads` 0: all cores it may use."""
    if not (model_dir / "model.bin").is_file():
        raise SpeechError(f"No Whisper model in {model_dir}. Run: manage.py fetch_models", permanent=True)
    threads = threads or len(os.sched_getaffinity(0))
    with engine_errors(f"loading {model_dir.name}"):
        return Whisper(
            str(model_dir), device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
        )
