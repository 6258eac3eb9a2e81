"""Whisper weights, loaded once per process and shared by the recogniser and the aligner that reads its attention."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from transcription.speech.ports import SpeechError

os.environ.setdefault(
    "PYANNOTE_METRICS_ENABLED", "0"
)  # before the first import of pyannote: it reports usage by default

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # torchcodec, torchaudio and speechbrain complain at import about what is not used here
    from whisperx.asr import WhisperModel

logging.getLogger("whisperx").setLevel(logging.ERROR)
logging.getLogger("lightning.pytorch.utilities.migration").setLevel(logging.ERROR)  # the VAD's old checkpoint format


@lru_cache(maxsize=2)
def load_whisper(model_dir: Path, device: str, compute_type: str, threads: int) -> Any:
    """A faster-whisper model from a CTranslate2 folder, never from a hub. `threads` 0: all cores it may use."""
    if not (model_dir / "model.bin").is_file():
        raise SpeechError(f"No Whisper model in {model_dir}. Run: manage.py fetch_models", permanent=True)
    threads = threads or len(os.sched_getaffinity(0))
    with engine_errors(f"loading {model_dir.name}"):
        return WhisperModel(
            str(model_dir), device=device, compute_type=compute_type, cpu_threads=threads, local_files_only=True
        )


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Library errors become SpeechError. A wrong value fails again; memory and devices may recover."""
    try:
        yield
    except ValueError as error:
        raise SpeechError(f"Failed while {doing}: {error}", permanent=True) from error
    except (RuntimeError, MemoryError) as error:  # CTranslate2 and torch raise RuntimeError for lack of memory too
        raise SpeechError(f"Failed while {doing}: {error or 'out of memory'}", permanent=False) from error
