"""Broken recordings: good ones in many formats, cut, overwritten, mixed up and with lies in their headers."""

import io
import random
from collections.abc import Callable, Iterator

import av
import numpy as np

CONTAINERS = {
    "wav": ("wav", "pcm_s16le"),
    "ulaw.wav": ("wav", "pcm_mulaw"),
    "mp3": ("mp3", "libmp3lame"),
    "ogg": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
    "m4a": ("mp4", "aac"),
    "webm": ("webm", "libopus"),
    "mkv": ("matroska", "pcm_s16le"),
    "aiff": ("aiff", "pcm_s16be"),
    "au": ("au", "pcm_s16be"),
}
HEADER = 64
"""Most of what a player believes without looking stands in the first bytes."""


def good_file(extension: str, *, seconds: float = 0.6, channels: int = 1, rate: int = 16000) -> bytes:
    """Noise in one of CONTAINERS."""
    container_format, codec = CONTAINERS[extension]
    rate = 48000 if codec == "libopus" else rate
    noise = np.random.default_rng(1).normal(0, 3000, (1, int(seconds * rate) * channels)).astype(np.int16)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container_format) as container:
        layout = "mono" if channels == 1 else "stereo" if channels == 2 else f"{channels}c"
        stream = container.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(noise, format="s16", layout=layout)
        frame.sample_rate = rate
        for piece in av.AudioResampler(
            stream.format, stream.layout, rate, frame_size=stream.frame_size or None
        ).resample(frame):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def truncated(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def overwritten(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 10, 200))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def lying_header(content: bytes, chance: random.Random) -> bytes:
    """Numbers in the header are the largest, the smallest or anything."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 4))):
        at = chance.randrange(min(HEADER, len(changed)) - 4)
        changed[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f", chance.randbytes(4)))
    return bytes(changed)


def mixed_up(content: bytes, chance: random.Random) -> bytes:
    """Blocks in another order, one of them twice."""
    size = max(1, len(content) // 8)
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    chance.shuffle(blocks)
    return b"".join([*blocks, chance.choice(blocks)])


def with_hole(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randrange(1, len(content)))
    return content[:start] + content[end:]


def with_garbage(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + chance.randbytes(chance.choice((1, 100, 5000))) + content[at:]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncated,
    overwritten,
    lying_header,
    mixed_up,
    with_hole,
    with_garbage,
)


def broken_files(of_each: int) -> Iterator[tuple[str, bytes]]:
    """Name and content, the same ones each time: `of_each` for every format and mutation."""
    for extension in CONTAINERS:
        content = good_file(extension)
        for mutation in MUTATIONS:
            for number in range(of_each):
                name = f"{mutation.__name__}-{number}.{extension}"
                yield name, mutation(content, random.Random(name))  # noqa: S311  no secret
