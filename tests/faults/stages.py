"""Stops a worker once in the stage that VERBATIM_HOLD names, and counts how often each stage ran.

Each passage is a line in VERBATIM_PASSED, written with one system call, so that lines of several workers stay whole.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import AppConfig

STAGES = {
    "decoding": "transcription.processing.decode",
    "recognizing": "tests.fakes.FakeRecognizer.recognize",
    "aligning": "tests.fakes.FakeAligner.align",
    "diarizing": "tests.fakes.FakeDiarizer.diarize",
    "scoring": "tests.fakes.FakeSentiment.score",
    "saving": "transcription.runs.succeed",
    "measuring": "analytics.rollups.recompute",
    "asking": "analytics.topics.collect.collect",
}
"""Stage -> what stands for it. Saving and measuring are held after their rows were written, before the commit."""

AFTER = {"saving", "measuring"}


class StagesConfig(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from django.utils.module_loading import import_string

        from transcription import arrivals

        arrivals.SPARE_BYTES = 0  # disks are small here
        for stage, path in STAGES.items():
            owner_path, name = path.rsplit(".", 1)
            try:
                owner = import_string(owner_path)
            except ImportError:
                owner = __import__(owner_path, fromlist=[name])
            setattr(owner, name, _counted(stage, getattr(owner, name)))


def _counted(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **options: Any) -> Any:
        if stage not in AFTER:
            _pass(stage)
        result = work(*args, **options)
        if stage in AFTER:
            _pass(stage)
        return result

    return run


def _pass(stage: str) -> None:
    seen, held = Path(os.environ["VERBATIM_PASSED"]), f"{stage} held {os.getpid()}\n"
    stops = os.environ.get("VERBATIM_HOLD") == stage and held not in (seen.read_text() if seen.exists() else "")
    file = os.open(seen, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, (held if stops else f"{stage} passed {os.getpid()}\n").encode())
    os.close(file)
    if stops:
        time.sleep(float(os.environ["VERBATIM_HOLD_SECONDS"]))
