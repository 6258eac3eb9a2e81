"""Small real audio files for tests."""

import math
import wave
from pathlib import Path

import av
import numpy as np


def write_wav(path: Path, *, seconds: float = 0.5, hertz: float = 440, channels: int = 1, rate: int = 8000) -> Path:
    """A tone as 16-bit PCM; `hertz` makes files different."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(_tone(seconds, hertz, channels, rate).tobytes())
    return path


def write_mu_law(path: Path, *, seconds: float = 0.5, channels: int = 1) -> Path:
    """The same as µ-law WAV, as telephone systems write it."""
    layout = "stereo" if channels == 2 else "mono"
    with av.open(path, "w", format="wav") as out:
        stream = out.add_stream("pcm_mulaw", rate=8000, layout=layout)
        frame = av.AudioFrame.from_ndarray(
            _tone(seconds, 440, channels, 8000).reshape(1, -1), format="s16", layout=layout
        )
        frame.sample_rate = 8000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def _tone(seconds: float, hertz: float, channels: int, rate: int) -> "np.ndarray[tuple[int, int], np.dtype[np.int16]]":
    """Shape (samples, channels); the second channel is half as loud."""
    phase = 2 * math.pi * hertz * np.arange(int(seconds * rate)) / rate
    loudness = np.array([8000, 4000])[:channels]
    return (np.sin(phase)[:, np.newaxis] * loudness).astype(np.int16)
