"""Settings to loaded engines, once per process."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from .speech.pipeline import Engines


@cache
def engines() -> Engines:
    """The engines that settings.SPEECH_ENGINES names, loaded on first use (seconds, and about 1 GB of memory)."""
    return Engines(**{role: _load(role) for role in ("recognizer", "aligner", "diarizer", "sentiment")})


def _load(role: str) -> Any:
    path, options = settings.SPEECH_ENGINES[role]
    return import_string(path)(**options)
