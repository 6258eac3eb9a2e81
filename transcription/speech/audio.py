"""From a file to samples: decoding with PyAV, a cheap probe, and what the two channels of a call carry.

numpy and PyAV only, so that the web process can probe uploads without the speech engines.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from .ports import SpeechError
from .types import SAMPLE_RATE, Audio, Layout

SAME_SOUND_CORRELATION = 0.98
"""Channels that correlate at least this much, in either polarity, carry the same sound."""
DEAD_LEVEL_DBFS = -60.0
DEAD_FRAME_SECONDS = 0.1
LIVE_FRAMES = 3
"""A channel is live if this many frames are louder than DEAD_LEVEL_DBFS: one click does not make it so."""

LONGEST_HOURS = 6
"""What a worker's memory is made for; a call is rarely an hour long, and a day's recording is no call."""

_ADVICE = "Convert it to WAV, MP3, M4A, FLAC, OGG, WebM or AMR and upload it again."


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file says about itself. `codec` is FFmpeg's name; the rate is in Hz."""

    codec: str
    channels: int
    sample_rate: int
    duration_s: float


def probe(path: Path) -> AudioInfo:
    """Open the file, decode its first sound, and read the rest from its header.

    Without a length in the header the packets are counted, not decoded. Raises a permanent SpeechError like `decode`.
    """
    with opened(path) as (container, stream):
        first = next(frames(container, stream), None)
        if first is None:
            raise _unusable(path, "holds no sound: no part of it could be decoded")
        _check_channels(path, first.layout.nb_channels)
        info = AudioInfo(
            codec=stream.codec_context.name,
            channels=first.layout.nb_channels,
            sample_rate=first.sample_rate,
            duration_s=_header_seconds(container, stream) or _counted_seconds(container, stream),
        )
        _check_length(path, info.duration_s)
        return info


def decode(path: Path) -> Audio:
    """All sound of a mono or stereo file, channels kept apart, at 16 kHz; damaged parts are left out.

    Raises a permanent SpeechError that says what is wrong: not audio, empty, no sound, over two channels, too long.
    """
    with opened(path) as (container, stream):
        channels = stream.codec_context.channels
        _check_channels(path, channels)
        _check_length(path, _header_seconds(container, stream) or 0.0)
        buffer = _Buffer(channels, _header_seconds(container, stream) or 60.0)
        resampler = av.AudioResampler(format="fltp", layout="mono" if channels == 1 else "stereo", rate=SAMPLE_RATE)
        for frame in frames(container, stream):
            for part in resampler.resample(frame):
                buffer.append(part.to_ndarray())
            _check_length(path, buffer.length / SAMPLE_RATE)
        for part in resampler.resample(None):
            buffer.append(part.to_ndarray())
    if not buffer.length:
        raise _unusable(path, "holds no sound: no part of it could be decoded")
    return Audio(buffer.filled())


def channel_layout(audio: Audio) -> tuple[Layout, tuple[str, ...]]:
    """What the channels carry, and notes for the reader. A stereo file with a silent channel is a mono call."""
    if audio.channels == 1:
        return "mono", ()
    dead = dead_channels(audio)
    if len(dead) == audio.channels:
        return "mono", ("Both channels are silent",)
    if dead:
        side = ("left", "right")[dead[0]]
        return "mono", (f"The {side} channel is silent; the call was treated as mono",)
    if abs(_correlation(audio)) >= SAME_SOUND_CORRELATION:
        return "dual_mono", ("Both channels carry the same sound; the call was treated as mono",)
    return "stereo", ()


def as_mono(audio: Audio) -> Audio:
    """One channel for a call that is not `stereo`: the live one of two, the first of two alike, else the mean.

    Two alike are not averaged, because opposite polarity would cancel them.
    """
    dead = dead_channels(audio) if audio.channels == 2 else ()
    if len(dead) == 1:
        return audio.channel(1 - dead[0])
    if channel_layout(audio)[0] == "dual_mono":
        return audio.channel(0)
    return audio.mono()


def dead_channels(audio: Audio) -> tuple[int, ...]:
    """Channels in which nothing is louder than DEAD_LEVEL_DBFS for longer than a click."""
    return tuple(index for index, samples in enumerate(audio.samples) if not _is_live(samples))


@contextmanager
def opened(path: Path) -> Iterator[tuple[av.container.InputContainer, av.AudioStream]]:
    """The container and its first audio stream; every way a file can be bad becomes a permanent SpeechError."""
    if not path.is_file():
        raise SpeechError(f"{path.name} is not there: it was moved or deleted.", permanent=True)
    if path.stat().st_size == 0:
        raise _unusable(path, "is empty (0 bytes)", "Upload it again: the copy was probably cut off.")
    try:
        with av.open(path) as container:
            if not container.streams.audio:
                raise _unusable(path, "has no audio track")
            yield container, container.streams.audio[0]
    except (av.error.FFmpegError, ValueError) as error:
        raise _unusable(path, f"is not audio that can be read ({_reason(error)})") from error


def frames(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """Frames of the stream, without the packets that are damaged."""
    packets = container.demux(stream)
    while True:
        try:
            decoded = next(packets).decode()
        except StopIteration:
            return
        except (av.error.InvalidDataError, av.error.EOFError):
            continue
        yield from decoded


def _check_channels(path: Path, channels: int) -> None:
    if channels > 2:
        raise SpeechError(
            f"{path.name} has {channels} channels, and which of them are the two parties is not known. "
            "Export it as mono, or as stereo with one party per channel.",
            permanent=True,
        )


def _check_length(path: Path, seconds: float) -> None:
    if seconds > LONGEST_HOURS * 3600:
        raise SpeechError(
            f"{path.name} is {seconds / 3600:.1f} hours long; {LONGEST_HOURS} hours are the most for one call. "
            "Split it into its calls.",
            permanent=True,
        )


def _is_live(samples: NDArray[np.float32]) -> bool:
    size = int(DEAD_FRAME_SECONDS * SAMPLE_RATE)
    size = min(size, len(samples))
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = np.einsum("ij,ij->i", frames, frames) / frames.shape[1] - frames.mean(axis=1) ** 2
    loud = np.count_nonzero(power > 10 ** (DEAD_LEVEL_DBFS / 10))
    return bool(loud >= min(LIVE_FRAMES, len(frames)))


def _correlation(audio: Audio) -> float:
    """Pearson's r of two channels, without copying them."""
    left, right = audio.samples
    count = len(left)
    covariance = np.dot(left, right) / count - left.mean() * right.mean()
    variances = (np.dot(side, side) / count - side.mean() ** 2 for side in (left, right))
    return float(covariance / np.sqrt(np.prod(list(variances))))


class _Buffer:
    """Grows by half when a header understated the length, so that a two-hour call is held once, not twice."""

    def __init__(self, channels: int, seconds: float) -> None:
        self.length = 0
        self._samples = np.empty((channels, int((seconds + 1) * SAMPLE_RATE)), np.float32)

    def append(self, block: NDArray[np.float32]) -> None:
        end = self.length + block.shape[1]
        if end > self._samples.shape[1]:
            grown = np.empty((block.shape[0], end + self._samples.shape[1] // 2), np.float32)
            grown[:, : self.length] = self._samples[:, : self.length]
            self._samples = grown
        clean = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0)
        np.clip(clean, -1.0, 1.0, out=self._samples[:, self.length : end])
        self.length = end

    def filled(self) -> NDArray[np.float32]:
        """What was appended; the unused end stays behind the view."""
        return self._samples[:, : self.length]


def _header_seconds(container: av.container.InputContainer, stream: av.AudioStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _counted_seconds(container: av.container.InputContainer, stream: av.AudioStream) -> float:
    """Where the last packet after the ones already read ends."""
    end = 0
    for packet in container.demux(stream):
        if packet.pts is not None:
            end = max(end, packet.pts + (packet.duration or 0))
    return float(end * stream.time_base) if stream.time_base else 0.0


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _unusable(path: Path, what: str, advice: str = _ADVICE) -> SpeechError:
    return SpeechError(f"{path.name} {what}. {advice}", permanent=True)
