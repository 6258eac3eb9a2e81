"""What a recorded sample call leaves on disk: an Opus file, its truth as JSON, and the manifest of all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np

from .script import Script
from .studio import TELEPHONE_RATE, Take

BITS_PER_SECOND = {"mono": 14_000, "stereo": 24_000}
MANIFEST_COLUMNS = (
    "filename",
    "agent",
    "team",
    "started_at",
    "customer_ref",
    "direction",
    "queue",
    "external_id",
    "channel_map",
    "language",
)


def write_audio(take: Take, path: Path) -> None:
    """`take` as Ogg Opus; the same samples give the same bytes."""
    channels = len(take.samples)
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(
            "libopus", rate=TELEPHONE_RATE, layout=layout, options={"application": "voip", "flags": "+bitexact"}
        )
        stream.bit_rate = BITS_PER_SECOND[layout]
        packed = np.ascontiguousarray(take.samples.T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
        frame.sample_rate = TELEPHONE_RATE
        container.mux([*stream.encode(frame), *stream.encode(None)])


def truth(script: Script, take: Take) -> dict[str, Any]:
    """Who says what when, how it is felt and with which fillers, for scoring transcripts."""
    return {
        "call": script.call,
        "agent": script.agent.name,
        "customer": script.customer,
        "layout": script.layout,
        "industry": script.industry,
        "mood": script.mood,
        "vocabulary": ", ".join(script.vocabulary),
        "duration": round(take.duration, 3),
        "turns": [
            {
                "role": turn.line.role,
                "start": round(turn.start, 3),
                "end": round(turn.end, 3),
                "text": turn.line.text,
                "sentiment": turn.line.sentiment,
                "fillers": turn.line.fillers,
            }
            for turn in take.turns
        ],
    }


def write_truth(script: Script, take: Take, path: Path) -> None:
    path.write_text(json.dumps(truth(script, take), indent=1) + "\n", encoding="utf-8")


def audio_name(script: Script) -> str:
    return f"{script.call}.ogg"


def write_manifest(scripts: Iterable[Script], path: Path) -> None:
    """One row per call; `external_id` counts the calls in the order of their dates, as a telephone system would."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(MANIFEST_COLUMNS)
        for number, script in enumerate(scripts, start=1):
            rows.writerow(
                (
                    audio_name(script),
                    script.agent.name,
                    script.agent.team,
                    script.started_at.isoformat(),
                    script.customer,
                    script.direction,
                    script.queue,
                    f"PBX-{number:04d}",
                    script.channel_map,
                    "en",
                )
            )
