"""A real worker on the real database; only the engines are fakes."""

import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from procrastinate.contrib.django import app

from tests.fakes import FakeAligner, FakeDiarizer, FakeRecognizer, FakeSentiment
from transcription import wiring
from transcription.speech.pipeline import Engines


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replaces the loaded engines; call it with those that should differ from the plain fakes."""

    def use(**chosen: Any) -> None:
        fakes = {
            "recognizer": FakeRecognizer(),
            "aligner": FakeAligner(),
            "diarizer": FakeDiarizer(),
            "sentiment": FakeSentiment(),
        }
        monkeypatch.setattr(wiring, "engines", lambda: Engines(**(fakes | chosen)))

    use()
    return use


@pytest.fixture
def work(transactional_db: None, clean_jobs: None, engines: object) -> Callable[[], None]:
    """Runs a real worker until no job is left. The connector is swapped only meanwhile, so that tests can defer."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    return run


@pytest.fixture
def wav(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str = "call.wav", seconds: float = 4.0, *, channels: int = 1, seed: int = 0) -> Path:
        noise = np.random.default_rng(seed).normal(0, 2000, (int(8000 * seconds), channels)).astype("<i2")
        path = tmp_path / name
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(noise.tobytes())
        path.write_bytes(buffer.getvalue())
        return path

    return make
