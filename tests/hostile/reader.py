"""Reads broken recordings in a process of little memory, as web process and worker would; says what became of each.

`python -m tests.hostile.reader FOLDER` prints {file name: "" or the error} as JSON. A crash ends it, and so the test.
"""

import json
import resource
import sys
from pathlib import Path

import numpy as np

from transcription.speech.audio import channel_layout, decode, probe
from transcription.speech.ports import SpeechError
from transcription.speech.soundcheck import remarks

MOST_MEMORY = 2 * 2**30


def read(path: Path) -> str:
    try:
        probe(path)
        remarks(path)
        audio = decode(path)
        channel_layout(audio)
    except SpeechError as error:
        return str(error) if error.permanent else f"not permanent: {error}"
    return "" if np.isfinite(audio.samples).all() and abs(audio.samples).max() <= 1 else "not sound"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    json.dump({path.name: read(path) for path in Path(sys.argv[1]).iterdir()}, sys.stdout)
