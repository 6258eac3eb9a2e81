"""A recording as a browser can play it: the file itself, or an Opus copy that is made once and kept.

Telephone systems write µ-law, A-law, GSM and AMR, which browsers do not decode.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import av
import av.error
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
        _make_copy(stored, copy)
    return Playable(copy, "audio/ogg")


def _make_copy(stored: Path, copy: Path) -> None:
    """All or nothing: two requests at once both make one, and the later replaces the same by the same."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=copy.parent, suffix=".part", delete=False) as part:
        try:
            _transcode(stored, Path(part.name))
            Path(part.name).replace(copy)
        except av.error.FFmpegError as error:
            raise OSError(f"{stored.name} cannot be decoded") from error
        finally:
            Path(part.name).unlink(missing_ok=True)


def _transcode(source: Path, target: Path) -> None:
    """The first sound of `source` as Ogg Opus, one channel or two as it has; damaged parts are left out."""
    with av.open(source) as container, av.open(target, "w", format="ogg") as out:
        sound = container.streams.audio[0]
        layout = "mono" if sound.codec_context.channels == 1 else "stereo"
        rate = sound.codec_context.sample_rate
        opus = out.add_stream("libopus", rate=rate if rate in OPUS_RATES else 48_000, layout=layout)
        opus.bit_rate = BITS_PER_CHANNEL * opus.codec_context.channels
        resampler = av.AudioResampler(format="s16", layout=layout, rate=opus.codec_context.sample_rate)
        for frame in frames(container, sound):
            for part in resampler.resample(frame):
                out.mux(opus.encode(part))
        for part in resampler.resample(None):
            out.mux(opus.encode(part))
        out.mux(opus.encode(None))
