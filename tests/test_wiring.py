"""Which engine, with which weights, a role gets; nothing is loaded."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from transcription import wiring


class Engine:
    """Remembers what it was made with."""

    def __init__(self, **options: Any) -> None:
        self.options = options


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Two Whisper models and a sentence model, in a store of their own."""
    for file in ("whisper-base/model.bin", "whisper-large/model.bin", "minilm/model.safetensors", "minilm/config.json"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(file)
    settings.MODELS_DIR = tmp_path
    settings.SPEECH_ENGINES = {
        "recognizer": (f"{__name__}.Engine", {"model_dir": tmp_path / "whisper-base", "device": "cpu"}),
        "aligner": (f"{__name__}.AlignmentHeadAligner", {"model_dir": tmp_path / "whisper-base"}),
        "diarizer": (f"{__name__}.Engine", {"segmentation": Path("/elsewhere/model.bin")}),
        "sentiment": (f"{__name__}.Engine", {"model_dir": tmp_path / "minilm"}),
    }
    settings.ALIGNER_WITHOUT_HEAD = (f"{__name__}.AttentionAligner", {"model_dir": tmp_path / "whisper-base"})
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """Tests of other modules may have loaded the engines of the real settings."""
    wiring._load.cache_clear()
    wiring._digests.cache_clear()


class AlignmentHeadAligner(Engine):
    pass


class AttentionAligner(Engine):
    pass


def test_an_engine_is_loaded_once() -> None:
    assert wiring.engine("sentiment") is wiring.engine("sentiment", "whisper-large")
    assert wiring.engine("recognizer") is wiring.engine("recognizer", "whisper-base")


def test_another_whisper_model_changes_what_reads_it(store: Path) -> None:
    assert wiring.engine("recognizer").options == {"model_dir": store / "whisper-base", "device": "cpu"}
    large = wiring.engine("recognizer", "whisper-large")
    assert large.options == {"model_dir": store / "whisper-large", "device": "cpu"}
    assert wiring.engine("sentiment", "whisper-large").options == {"model_dir": store / "minilm"}


def test_a_model_without_an_alignment_head_is_aligned_by_its_attention(store: Path) -> None:
    assert type(wiring.engine("aligner")) is AlignmentHeadAligner
    other = wiring.engine("aligner", "whisper-large")
    assert type(other) is AttentionAligner
    assert other.options == {"model_dir": store / "whisper-large"}


def test_weights_are_told_by_their_hash() -> None:
    def digest(file: str) -> str:
        return sha256(file.encode()).hexdigest()

    assert wiring.weights("recognizer", "whisper-large") == {
        "whisper-large/model.bin": digest("whisper-large/model.bin")
    }
    assert wiring.weights("sentiment") == {"minilm/model.safetensors": digest("minilm/model.safetensors")}
    assert wiring.weights("diarizer") == {}, "not in the store: its name and version must do"


def test_installed_models_are_listed_the_default_first(settings: Any) -> None:
    assert wiring.installed_whisper_models() == ["whisper-base", "whisper-large"]
    settings.WHISPER_MODEL = "whisper-large"
    assert wiring.installed_whisper_models() == ["whisper-large", "whisper-base"]
