"""A recording as a browser can play it: the file itself, or an Opus copy that is made once and kept.

Telephone systems write µ-law, A-law, GSM and AMR, which browsers do not decode. A copy for those who may not hear what
is personal has silence there.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import av
import av.error
import numpy as np
from django.core.files.storage import default_storage

from .models import Recording
from .speech.audio import frames

PCM = frozenset({"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"})
OGG = frozenset({"opus", "vorbis", "flac"})
PLAYABLE = {
    ".wav": (PCM, "audio/wav"),
    ".mp3": (frozenset({"mp3", "mp3float"}), "audio/mpeg"),
    ".flac": (frozenset({"flac"}), "audio/flac"),
    ".m4a": (frozenset({"aac"}), "audio/mp4"),
    ".mp4": (frozenset({"aac"}), "audio/mp4"),
    ".ogg": (OGG, "audio/ogg"),
    ".oga": (OGG, "audio/ogg"),
    ".opus": (OGG, "audio/ogg"),
    ".webm": (frozenset({"opus", "vorbis"}), "audio/webm"),
}
"""Suffix -> codecs (FFmpeg's names) that every current browser decodes in that container, and its content type."""

OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
BITS_PER_CHANNEL = 32_000

RAMP_S = 0.01
"""So long the sound takes to fade before a silence, and to come back after it: no click."""
_FORM = 1
"""Of silenced copies; another number has them made anew."""

Stretch = tuple[float, float]
"""(start, end) in seconds."""


@dataclass(frozen=True, slots=True)
class Playable:
    path: Path
    content_type: str


def playable(recording: Recording) -> Playable:
    """What to send to a browser. The first time, a copy may have to be made.

    Raises OSError if the audio is not there or cannot be read any more.
    """
    stored = Path(recording.audio.path)
    codecs, content_type = PLAYABLE.get(stored.suffix, (frozenset[str](), ""))
    if recording.codec in codecs:
        return Playable(stored, content_type)
    copy = Path(default_storage.path(f"playback/{stored.stem}.ogg"))
    if not copy.exists():
        _make_copy(stored, copy, ())
    return Playable(copy, "audio/ogg")


def silenced(recording: Recording, stretches: Sequence[Stretch]) -> Playable:
    """A copy as long as the recording, silent in these stretches, which are in order and do not overlap.

    It is made when it is first asked for; copies with other silences go. Raises OSError as `playable`.
    """
    stored = Path(recording.audio.path)
    told = hashlib.sha256(repr((_FORM, *stretches)).encode()).hexdigest()[:16]
    copy = Path(default_storage.path(f"playback/{stored.stem}-{told}.ogg"))
    if not copy.exists():
        others = list(copy.parent.glob(f"{stored.stem}-*.ogg"))
        _make_copy(stored, copy, stretches)
        for other in others:
            other.unlink(missing_ok=True)
    return Playable(copy, "audio/ogg")


def copies(recording: Recording) -> list[Path]:
    """What was made of the recording's sound to be played."""
    folder, stem = Path(default_storage.path("playback")), Path(recording.audio.name or "").stem
    return [*folder.glob(f"{stem}.ogg"), *folder.glob(f"{stem}-*.ogg")]


def _make_copy(stored: Path, copy: Path, silent: Sequence[Stretch]) -> None:
    """All or nothing: two requests at once both make one, and the later replaces the same by the same."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=copy.parent, suffix=".part", delete=False) as part:
        try:
            _transcode(stored, Path(part.name), silent)
            Path(part.name).replace(copy)
        except av.error.FFmpegError as error:
            raise OSError(f"{stored.name} cannot be decoded") from error
        finally:
            Path(part.name).unlink(missing_ok=True)


def _transcode(source: Path, target: Path, silent: Sequence[Stretch]) -> None:
    """The first sound of `source` as Ogg Opus, one channel or two as it has; damaged parts are left out."""
    with av.open(source) as container, av.open(target, "w", format="ogg") as out:
        sound = container.streams.audio[0]
        layout = "mono" if sound.codec_context.channels == 1 else "stereo"
        rate = sound.codec_context.sample_rate
        opus = out.add_stream("libopus", rate=rate if rate in OPUS_RATES else 48_000, layout=layout)
        opus.bit_rate = BITS_PER_CHANNEL * opus.codec_context.channels
        resampler = av.AudioResampler(format="s16", layout=layout, rate=opus.codec_context.sample_rate)
        mute = _Mute(silent)
        for frame in frames(container, sound):
            for part in resampler.resample(frame):
                out.mux(opus.encode(mute(part)))
        for part in resampler.resample(None):
            out.mux(opus.encode(mute(part)))
        out.mux(opus.encode(None))


class _Mute:
    """Silences stretches of a sound whose frames are given one after the other."""

    def __init__(self, silent: Sequence[Stretch]) -> None:
        self._times = [time for start, end in silent for time in (start - RAMP_S, start, end, end + RAMP_S)]
        self._gains = [1.0, 0.0, 0.0, 1.0] * len(silent)
        self._heard = 0

    def __call__(self, frame: av.AudioFrame) -> av.AudioFrame:
        if not self._times:
            return frame
        at = (self._heard + np.arange(frame.samples)) / frame.sample_rate
        self._heard += frame.samples
        gains = np.repeat(np.interp(at, self._times, self._gains), frame.layout.nb_channels)
        if gains.min() == 1.0:
            return frame
        quiet = (frame.to_ndarray() * gains).astype(np.int16)
        made = av.AudioFrame.from_ndarray(quiet, format="s16", layout=frame.layout.name)
        made.sample_rate, made.pts, made.time_base = frame.sample_rate, frame.pts, frame.time_base
        return made
