"""Settings to loaded engines, once per process. An engine is loaded when it is first needed."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from django.conf import settings
from django.utils.module_loading import import_string

from .speech import store
from .speech.pipeline import Engines
from .speech.ports import Embedder, Grouper

EngineRole = Literal["recognizer", "aligner", "diarizer", "sentiment", "voices", "embedder", "grouper"]

ENGINES_KEPT = 9
"""The recognisers and aligners of two Whisper models, and the four others: about 2 GB for tiny and base."""

_LOADING = Lock()
"""A worker's two threads want the same engine at times, and one copy is enough."""

HEADS = Path(__file__).parent / "speech/engines/heads"


def engines() -> Engines:
    """The engines that settings.SPEECH_ENGINES names (seconds to load, and about 1 GB of memory)."""
    return Engines(engine("recognizer"), engine("aligner"), engine("diarizer"), engine("sentiment"))


def engine(role: EngineRole, whisper_model: str = "") -> Any:
    """The engine of a role; with another Whisper model than settings.WHISPER_MODEL if one is named."""
    with _LOADING:
        return _load(*_choice(role, whisper_model))


def embedder() -> Embedder:
    """Gives sentences their meaning; shares its weights with the sentiment engine where both are MiniLM."""
    loaded: Embedder = engine("embedder")
    return loaded


def grouper() -> Grouper:
    """Puts sentences of one meaning together."""
    loaded: Grouper = engine("grouper")
    return loaded


def weights(role: EngineRole, whisper_model: str = "") -> dict[str, str]:
    """Files of the model store that the engine of `role` reads, with their SHA-256, computed once per process."""
    _, options = _choice(role, whisper_model)
    paths = [value for _, value in options if isinstance(value, Path) and value.is_relative_to(settings.MODELS_DIR)]
    return {name: digest for path in paths for name, digest in _digests(path).items()}


def installed_whisper_models() -> list[str]:
    """Names of the Whisper models (in CTranslate2's format) in the store; the one that settings name comes first."""
    found = sorted(path.parent.name for path in settings.MODELS_DIR.glob("*/model.bin"))
    return sorted(found, key=lambda name: name != settings.WHISPER_MODEL)


def _choice(role: EngineRole, whisper_model: str) -> tuple[str, tuple[tuple[str, Any], ...]]:
    path, options = settings.SPEECH_ENGINES[role]
    model = whisper_model or settings.WHISPER_MODEL
    if path.endswith("AlignmentHeadAligner") and not (HEADS / f"{model}.safetensors").is_file():
        path, options = settings.ALIGNER_WITHOUT_HEAD
    return path, tuple(_with_model(options, settings.MODELS_DIR / model).items())


def _with_model(options: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    default = settings.MODELS_DIR / settings.WHISPER_MODEL
    return {name: folder if value == default else value for name, value in options.items()}


@lru_cache(maxsize=ENGINES_KEPT)
def _load(path: str, options: tuple[tuple[str, Any], ...]) -> Any:
    return import_string(path)(**dict(options))


@lru_cache
def _digests(path: Path) -> dict[str, str]:
    return store.digests(settings.MODELS_DIR, path)
